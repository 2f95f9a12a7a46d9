import { z } from 'zod';
import { Endpoint, integer } from '../endpoint';

const token = z.object({
  /** WeCom allows 512 bytes. */
  access_token: z.string().min(1).max(1024),
  /** Seconds. */
  expires_in: integer,
});

export const getToken: Endpoint<z.infer<typeof token>> = { path: 'gettoken', answer: token };
