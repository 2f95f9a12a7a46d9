import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { TextDecoder } from 'node:util';
import { OperatorError } from '../../base/operator-error';
import { digestOf } from './decode';

export const ENCODINGS = ['utf-8', 'gb18030'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** What a file holds, found by reading it once. */
export interface Scan {
  /** Tells whether it is still the same file. */
  digest: string;
  encoding: Encoding;
  /** Lines that do not end within quotes. */
  lines: number;
}

/** Of UTF-8. */
const MARK = Buffer.from('\ufeff');

const QUOTE = 0x22;
const NEWLINE = 0x0a;

/**
 * Reads a file once, before the first row is stored.
 * @param encoding UTF-8 if the file is it, else GB18030, when not given
 * @param hasQuotes whether a newline within quotes ends no row
 * @throws OperatorError for a file that cannot be read, or is in another encoding
 */
export async function scan(path: string, encoding: Encoding | undefined, hasQuotes: boolean): Promise<Scan> {
  await assertFile(path);
  const hash = createHash('sha256');
  const possible = encoding ? [encoding] : await possibleOf(path);
  const candidates = possible.map((each) => new Candidate(each));
  const count = new LineCount(hasQuotes);
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    for (const candidate of candidates) candidate.take(chunk);
    count.take(chunk);
  }
  const found = candidates.find((candidate) => candidate.holds());
  if (!found) throw new OperatorError(await faultOf(path, possible));
  return { digest: digestOf(hash), encoding: found.encoding, lines: count.lines };
}

async function assertFile(path: string): Promise<void> {
  const found = await stat(path).catch(({ code }: NodeJS.ErrnoException) => {
    throw new OperatorError(`${path} cannot be read (${code})`);
  });
  if (!found.isFile()) throw new OperatorError(`${path} is no file`);
}

/** A byte order mark leaves one: bytes that are wrong behind it are damage, and no other encoding. */
async function possibleOf(path: string): Promise<readonly Encoding[]> {
  for await (const chunk of createReadStream(path, { end: MARK.length - 1 }) as AsyncIterable<Buffer>) {
    if (chunk.equals(MARK)) return ['utf-8'];
  }
  return ENCODINGS;
}

async function faultOf(path: string, [encoding, ...others]: readonly Encoding[]): Promise<string> {
  if (others.length > 0) return `${path} is not UTF-8, nor GB18030`;
  return `${path} is not ${encoding}: line ${await faultyLine(path, encoding!)} has bytes that are no characters`;
}

/** Where decoding fails, by the newlines before; none is in the middle of a character. */
async function faultyLine(path: string, encoding: Encoding): Promise<number> {
  const candidate = new Candidate(encoding);
  let line = 1;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    for (let start = 0; start < chunk.length;) {
      const end = chunk.indexOf(NEWLINE, start) + 1 || chunk.length;
      if (!candidate.take(chunk.subarray(start, end))) return line;
      if (chunk[end - 1] === NEWLINE) line++;
      start = end;
    }
  }
  return line;
}

/** An encoding that the file may have. */
class Candidate {
  private readonly decoder: TextDecoder;
  private isWrong = false;

  constructor(readonly encoding: Encoding) {
    this.decoder = new TextDecoder(encoding, { fatal: true });
  }

  /** @returns whether the file may have it still */
  take(chunk: Buffer): boolean {
    if (!this.isWrong) this.decode(chunk);
    return !this.isWrong;
  }

  /** @returns whether the whole file has the encoding */
  holds(): boolean {
    if (!this.isWrong) this.decode();
    return !this.isWrong;
  }

  private decode(chunk?: Buffer): void {
    try {
      this.decoder.decode(chunk, { stream: chunk !== undefined });
    } catch {
      this.isWrong = true;
    }
  }
}

/** Counts lines by bytes: no character of UTF-8 or GB18030 has a quote or a newline in its middle. */
class LineCount {
  private newlines = 0;
  private isQuoted = false;
  private isOpen = false;

  constructor(private readonly hasQuotes: boolean) {}

  get lines(): number {
    return this.newlines + (this.isOpen ? 1 : 0);
  }

  take(chunk: Buffer): void {
    for (const byte of chunk) {
      if (byte === QUOTE && this.hasQuotes) this.isQuoted = !this.isQuoted;
      if (byte === NEWLINE && !this.isQuoted) this.newlines++;
    }
    this.isOpen = chunk.at(-1) !== NEWLINE;
  }
}
