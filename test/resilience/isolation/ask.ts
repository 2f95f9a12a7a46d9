import type { Answer, Send, TestApp } from '../../app';
import { foreignIn, Side } from './world';

/** A request of `own`, sent with its token unless another is given. */
interface Request extends Send {
  path: string;
}

/**
 * Sends a request and checks the answer: it holds what is expected and nothing of another side.
 * @param expected matched against the body; every list in it must have exactly these elements
 */
export type Ask = (request: Request, expected: object) => Promise<Answer['body']>;

/** A user's attempts on an operation: first on their own rows, then on those of each other side. */
export type Case = (ask: Ask, own: Side, others: Side[]) => Promise<void>;

/** The attempts and their outcomes. */
export class Tries {
  cases = 0;
  foreign: string[] = [];
  /** Totals, counts and page numbers compared with the side's own. */
  counts = 0;

  constructor(
    private readonly app: TestApp,
    private readonly sides: Side[],
  ) {}

  /** Sends a request as `own`. */
  as(own: Side): Ask {
    return async ({ path, ...send }, expected) => {
      const answer = await this.app.send(path, { token: own.token, ...send });
      this.cases++;
      this.counts += numbersIn(expected);
      this.foreign.push(...foreignIn(answer, own, this.sides).map((what) => `${path}: ${what}`));
      const body: unknown = answer.body ?? { text: answer.text }; // WeCom's route answers plain text
      expect({ path, send, body }).toMatchObject({ path, body: expected });
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
