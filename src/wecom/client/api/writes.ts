import { z } from 'zod';
import type { Endpoint } from '../endpoint';

/** At least one of the last four is given. */
export interface RemarkBody {
  userid: string;
  external_userid: string;
  /** Up to 20 characters. */
  remark?: string;
  /** Up to 150 characters. */
  description?: string;
  /** Up to 20 characters; of WeChat users only. */
  remark_company?: string;
  /** Replaces all; `['']` clears them. */
  remark_mobiles?: string[];
}

export interface MarkTagBody {
  userid: string;
  external_userid: string;
  add_tag?: string[];
  remove_tag?: string[];
}

const nothing = z.object({});

export const remark: Endpoint<object> = { path: 'externalcontact/remark', answer: nothing };

export const markTag: Endpoint<object> = { path: 'externalcontact/mark_tag', answer: nothing };
