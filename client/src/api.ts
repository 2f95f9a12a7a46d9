import type { Payload } from './envelope.js';
import type { CallOptions, Operation } from './exchange.js';
import { CustomerHub } from './generated/index.js';

/** The generated operations as they are called here: results without envelopes, and only the options that count. */
type Opened<Operations> = {
  readonly [Name in keyof Operations]: Operations[Name] extends (...args: infer Args) => infer Answer
    ? (...args: WithCallOptions<Args>) => Promise<Payload<Awaited<Answer>>>
    : Opened<Operations[Name]>;
};

type WithCallOptions<Args extends unknown[]> = {
  [Index in keyof Args]: 'throwOnError' extends keyof NonNullable<Args[Index]> ? CallOptions : Args[Index];
};

/** All routes, by the names of the document: `userCustomer.getList`, `wechatCustomers.getList` … */
export type Api = Opened<CustomerHub>;

/** The generated operations over `post`, the one method that they use of their client. */
export function apiOver(post: (operation: Operation) => Promise<unknown>): Api {
  return new CustomerHub({ client: { post } as never }) as unknown as Api;
}
