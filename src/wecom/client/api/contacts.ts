import { z } from 'zod';
import { cursor, Endpoint, id, integer, text, texts } from '../endpoint';

const contact = z.object({
  external_userid: id,
  name: text,
  avatar: text,
  /** 1 WeChat user, 2 WeCom user. */
  type: integer,
  gender: integer,
  unionid: text,
  position: text,
  corp_name: text,
  corp_full_name: text,
  external_profile: z.unknown().optional(),
});

/** A customer as WeCom knows it. */
export type WecomContact = z.infer<typeof contact>;

/** Absent: none. In another type it is a fault: taken for none, it would strip a follow of its tags. */
const tags = <Tag>(tag: z.ZodType<Tag>) => z.array(tag).optional();

const follow = z.object({
  userid: id,
  remark: text,
  description: text,
  /** Unix seconds. */
  createtime: integer,
  /** Of corp tags and strategy tags, without personal ones. */
  tag_id: tags(z.string()),
  remark_corp_name: text,
  remark_mobiles: texts,
  oper_userid: text,
  add_way: integer,
  state: text,
});

/** What an employee noted about a contact. */
export type WecomFollow = z.infer<typeof follow>;

const followerTag = z.object({
  group_name: text,
  tag_name: text,
  /** Absent of a personal tag. */
  tag_id: z.string().optional(),
  /** 1 corp tag, 2 personal, 3 strategy tag. */
  type: integer,
});

const follower = follow.omit({ tag_id: true }).extend({
  tags: tags(followerTag),
});

/** The same from `externalcontact/get`, which names tags in another way. */
export type WecomFollower = z.infer<typeof follower>;

export const getFollowUserList: Endpoint<{ follow_user: string[] }> = {
  path: 'externalcontact/get_follow_user_list',
  answer: z.object({ follow_user: z.array(id) }),
};

export const listContacts: Endpoint<{ external_userid: string[] }> = {
  path: 'externalcontact/list',
  answer: z.object({ external_userid: z.array(id) }),
};

const contactAnswer = z.object({ external_contact: contact, follow_user: z.array(follower), next_cursor: cursor });

export const getContact: Endpoint<z.infer<typeof contactAnswer>> = {
  path: 'externalcontact/get',
  answer: contactAnswer,
};

/** `get` of one contact: an answer about another one is a passing fault. */
export const contactOf = (externalUserid: string): typeof getContact => ({
  ...getContact,
  answer: contactAnswer.refine(({ external_contact: { external_userid: id } }) => id === externalUserid),
});

const pageAnswer = z.object({
  external_contact_list: z.array(z.object({ external_contact: contact, follow_info: follow })),
  next_cursor: cursor,
});

export const getByUser: Endpoint<z.infer<typeof pageAnswer>> = {
  path: 'externalcontact/batch/get_by_user',
  answer: pageAnswer,
};

/** A page of one employee: an answer about another one is a passing fault. WeCom's userids are the same in any case. */
export const pageOf = (userid: string): typeof getByUser => ({
  ...getByUser,
  answer: pageAnswer.refine(({ external_contact_list: rows }) =>
    rows.every(({ follow_info: follow }) => follow.userid.toLowerCase() === userid.toLowerCase()),
  ),
});
