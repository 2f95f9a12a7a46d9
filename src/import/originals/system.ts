import type { Answer } from './transport';

/** A question to a system of either family. */
export interface Question {
  /** Below `/api/`, or below `/business/{uniacid}/`. */
  route: string;
  params: Record<string, unknown>;
}

/** A running system, original or ours, with somebody signed in. */
export interface System {
  /** Its URL, for messages. */
  readonly base: string;
  /** Passwords and tokens, which its answers might repeat. */
  readonly secrets: ReadonlySet<string>;
  /** Asks, and once again after signing in anew if the session has ended. @throws SystemFailed without an answer */
  ask(question: Question): Promise<Answer>;
}

/** Who signs in. */
export interface Credentials {
  username: string;
  password: string;
}
