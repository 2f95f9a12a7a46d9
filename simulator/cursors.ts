import { createHash, randomBytes } from 'node:crypto';
import { Refusal } from './errors';

/** Where a list goes on: behind the relation `after` of the employee at `index` of those asked for. */
export interface Position {
  index: number;
  after: number;
  /** 1 is the first page. */
  page: number;
}

const START: Position = { index: 0, after: -1, page: 1 };

/** Opaque cursors, each bound to one list; those of before `expire()` are unknown. */
export class Cursors {
  private salt = randomBytes(8).toString('hex');

  /** @param list names all that the cursor is bound to */
  write(list: string, { index, after, page }: Position): string {
    const text = `${index}.${after}.${page}`;
    return Buffer.from(`${text}.${this.checkOf(list, text)}`).toString('base64url');
  }

  /** @throws Refusal 50100 */
  read(list: string, cursor: string): Position {
    if (cursor === '') return START;
    const match = /^((\d+)\.(-?\d+)\.(\d+))\.(\w+)$/.exec(Buffer.from(cursor, 'base64url').toString());
    if (!match || match[5] !== this.checkOf(list, match[1]!)) throw new Refusal(50100);
    return { index: Number(match[2]), after: Number(match[3]), page: Number(match[4]) };
  }

  expire(): void {
    this.salt = randomBytes(8).toString('hex');
  }

  private checkOf(list: string, text: string): string {
    return createHash('sha1').update(`${this.salt}\n${list}\n${text}`).digest('hex').slice(0, 16);
  }
}

/** @returns the page that a cursor asks for, for those who only watch; 0 if it is none of ours */
export function pageOf(cursor: unknown): number {
  if (cursor === undefined || cursor === '') return START.page;
  if (typeof cursor !== 'string') return 0;
  return Number(/^\d+\.-?\d+\.(\d+)\.\w+$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1] ?? 0);
}
