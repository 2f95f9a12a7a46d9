import type { Answer, Send, TestApp } from '../../app';
import { foreignIn, Side } from './world';

/** A request of `own`; its token is sent unless another is given. */
interface Request extends Send {
  path: string;
}

/**
 * Sends a request and compares the answer: what is expected is there, and nothing of another side.
 * @param expected what the body must match; every list in it must have exactly these elements
 */
export type Ask = (request: Request, expected: object) => Promise<Answer['body']>;

/** What a user tries on an operation: first with their own things, then with those of each of the others. */
export type Case = (ask: Ask, own: Side, others: Side[]) => Promise<void>;

/** What was tried, and what came of it. */
export class Tries {
  cases = 0;
  foreign: string[] = [];
  /** Totals, counts and numbers of pages that were compared with the side's own. */
  counts = 0;

  constructor(
    private readonly app: TestApp,
    private readonly sides: Side[],
  ) {}

  /** Asks as `own`. */
  as(own: Side): Ask {
    return async ({ path, ...send }, expected) => {
      const answer = await this.app.send(path, { token: own.token, ...send });
      this.cases++;
      this.counts += numbersIn(expected);
      this.foreign.push(...foreignIn(answer, own, this.sides).map((what) => `${path}: ${what}`));
      expect({ path, send, body: answer.body }).toMatchObject({ path, body: expected });
      return answer.body;
    };
  }
}

const COUNTS = ['total', 'count', 'last_page', 'total_pages', 'total_records', 'to'];

function numbersIn(expected: object): number {
  return Object.entries(expected).reduce((sum, [key, value]: [string, unknown]) => {
    if (COUNTS.includes(key)) return sum + 1;
    return value !== null && typeof value === 'object' ? sum + numbersIn(value) : sum;
  }, 0);
}
