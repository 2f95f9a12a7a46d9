import { z } from 'zod';
import { Endpoint, id, integer, text } from '../endpoint';

const tag = z.object({
  id,
  name: text,
  /** Larger comes first. */
  order: integer,
  /** Unix seconds. */
  create_time: integer,
});

const tagGroup = z.object({
  group_id: id,
  group_name: text,
  order: integer,
  create_time: integer,
  tag: z.array(tag),
});

export type WecomTagGroup = z.infer<typeof tagGroup>;

export const getCorpTagList: Endpoint<{ tag_group: WecomTagGroup[] }> = {
  path: 'externalcontact/get_corp_tag_list',
  answer: z.object({ tag_group: z.array(tagGroup) }),
};
