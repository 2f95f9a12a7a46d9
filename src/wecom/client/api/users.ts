import { z } from 'zod';
import { Endpoint, id, integer, integers, text } from '../endpoint';

const user = z.object({
  userid: id,
  name: text,
  alias: text,
  department: integers,
  main_department: integer,
  position: text,
  /** 1 active, 2 disabled, 4 not activated, 5 left. */
  status: integer,
  // Apps made after 2022-06-20 get none of these.
  avatar: text,
  gender: integer,
  mobile: text,
  telephone: text,
  email: text,
  biz_mail: text,
  qr_code: text,
  address: text,
  open_userid: text,
});

/** An employee. */
export type WecomUser = z.infer<typeof user>;

export const getUser: Endpoint<WecomUser> = { path: 'user/get', answer: user };

/** `get` of one employee: an answer about another one is a passing fault. WeCom's userids are the same in any case. */
export const userOf = (userid: string): typeof getUser => ({
  ...getUser,
  answer: user.refine((answer) => answer.userid.toLowerCase() === userid.toLowerCase()),
});
