import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { NoAnswer, noAnswerOf, textOf } from '../../base/no-answer';
import { SystemFailed } from './errors';

/** How a system is asked. */
export interface Manners {
  /** Requests a second at most. */
  rate: number;
  /** Of one request, from connecting to the last byte. */
  timeoutMs: number;
  /** Told of each try that failed and is made again. */
  onRetry: (line: string) => void;
}

/** An answer, whole. */
export interface Answer {
  status: number;
  /** Undefined unless the body is JSON. */
  json: unknown;
  /** The headers Set-Cookie. */
  cookies: string[];
}

/** A request, always a POST with JSON, which both families take. */
export interface Post {
  /** How messages call it. */
  route: string;
  /** From the base URL on. */
  path: string;
  body: object;
  headers?: Record<string, string>;
}

/** Tries of a request: one, and three more while the fault may pass. */
const MAX_TRIES = 4;
/** The pause before the second try lasts one to two times this long; it doubles with each try. */
const PAUSE_MS = 500;
/** Bounds an answer in memory: 500 rows, each with two texts of 64 KB. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** HTTP to one running system: no faster than it was agreed, with limits of time and size, again after faults that pass. */
export class SystemTransport {
  /** Passwords and tokens sent so far: what the system says is shown without them. */
  readonly secrets = new Set<string>();
  private readonly agent: Agent;
  /** On the clock of `performance`. */
  private nextTurn = 0;

  /** @param base URL that paths are appended to, without a slash at its end */
  constructor(
    readonly base: string,
    private readonly manners: Manners,
  ) {
    this.agent = new Agent({ connect: { timeout: manners.timeoutMs } });
  }

  /** @throws SystemFailed when no try got a whole answer */
  async post(post: Post): Promise<Answer> {
    for (let tries = 1; ; tries++) {
      await this.turn();
      const outcome = await this.once(post);
      const fault = passingFault(outcome);
      if (fault === undefined || tries === MAX_TRIES) {
        if (!(outcome instanceof NoAnswer)) return outcome;
        throw new SystemFailed(this.base, post.route, `no answer (${outcome.reason})`);
      }
      this.manners.onRetry(`${post.route}: ${fault}, asking again`);
      await sleep((1 + Math.random()) * PAUSE_MS * 2 ** (tries - 1));
    }
  }

  /** Cuts off what is under way. */
  close(): Promise<void> {
    return this.agent.destroy();
  }

  private async once({ path, body, headers }: Post): Promise<Answer | NoAnswer> {
    const signal = AbortSignal.timeout(this.manners.timeoutMs);
    try {
      const answer = await request(this.base + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
        dispatcher: this.agent,
        signal,
      });
      const json = parsed(await textOf(answer.body, MAX_ANSWER_BYTES));
      return { status: answer.statusCode, json, cookies: [answer.headers['set-cookie'] ?? []].flat() };
    } catch (error) {
      return noAnswerOf(error, signal);
    }
  }

  /** Spreads requests evenly: a burst would meet the limits of what stands before the system. */
  private async turn(): Promise<void> {
    const now = performance.now();
    const at = Math.max(now, this.nextTurn);
    this.nextTurn = at + 1000 / this.manners.rate;
    if (at > now) await sleep(at - now);
  }
}

/** Why it is worth asking again: a fault of the network or the server, or a page of something in between. */
function passingFault(outcome: Answer | NoAnswer): string | undefined {
  if (outcome instanceof NoAnswer) return outcome.reason;
  const { status, json } = outcome;
  if (status === 429 || status >= 500) return `HTTP ${status}`;
  return status === 200 && json === undefined ? 'no JSON' : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
