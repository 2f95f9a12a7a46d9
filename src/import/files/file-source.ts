import { resolve } from 'node:path';
import type { Fields } from '../kinds/fields';
import type { Batch, Came, Source } from '../source';
import { csvRows, headerOf } from './csv';
import { textOf } from './decode';
import { jsonRows } from './jsonl';
import { Encoding, Scan, scan } from './scan';

export type Format = 'csv' | 'jsonl';

/** Rows of one batch. */
const ROWS = 500;

/**
 * The rows of a CSV or JSON Lines file, read by stream. `next` is the file's digest with how it is read, and how many rows
 * are behind it.
 */
export class FileSource implements Source {
  readonly name: string;
  readonly total: number;

  private constructor(
    private readonly path: string,
    private readonly fields: Fields,
    private readonly format: Format,
    private readonly found: Scan,
    readonly header?: string,
  ) {
    this.name = `file:${resolve(path)}`;
    this.total = Math.max(0, found.lines - (header === undefined ? 0 : 1));
  }

  /**
   * @param encoding found by reading the file when not given; that it is GB18030 is said on standard error
   * @throws OperatorError for a file that cannot be read, or has columns that the kind does not have
   */
  static async open(path: string, fields: Fields, format: Format, encoding?: Encoding): Promise<FileSource> {
    const found = await scan(path, encoding, format === 'csv');
    const isOther = found.encoding !== 'utf-8';
    if (isOther) console.error(`${path} is ${readAs(encoding)}; refused rows are written in UTF-8`);
    if (format === 'jsonl') return new FileSource(path, fields, format, found);
    const header = await headerOf(textOf(path, found.encoding, found.digest), fields);
    // There is no encoder for GB18030; with the mark, Excel reads the refused rows all the same.
    return new FileSource(path, fields, format, found, isOther ? `\ufeff${header}` : header);
  }

  isStill(after: string): boolean {
    return after.startsWith(`${this.reading}:`);
  }

  before(after: string): AsyncIterable<Batch> {
    return this.read(0, countIn(after));
  }

  batches(after?: string): AsyncIterable<Batch> {
    return this.read(after === undefined ? 0 : countIn(after), Infinity);
  }

  /** @param from how many rows are passed over @param to how many there are before the first that is not read */
  private async *read(from: number, to: number): AsyncGenerator<Batch> {
    let rows: Came[] = [];
    let count = 0;
    for await (const came of this.rows()) {
      if (count === to) break;
      if (++count <= from) continue;
      rows.push(came);
      if (rows.length < ROWS) continue;
      yield { rows, next: this.after(count) };
      rows = [];
    }
    if (rows.length > 0) yield { rows, next: this.after(count) };
  }

  private rows(): AsyncIterable<Came> {
    const text = textOf(this.path, this.found.encoding, this.found.digest);
    return this.format === 'csv' ? csvRows(text, this.fields) : jsonRows(text, this.fields);
  }

  private after(count: number): string {
    return `${this.reading}:${count}`;
  }

  /** Read in another encoding or format, the rows before are others. */
  private get reading(): string {
    return `${this.found.digest} ${this.found.encoding} ${this.format}`;
  }
}

const readAs = (encoding?: Encoding) =>
  encoding ? 'read as GB18030' : 'not UTF-8, it is read as GB18030 (--encoding utf-8 refuses it instead)';

const countIn = (after: string) => Number(after.slice(after.indexOf(':') + 1));
