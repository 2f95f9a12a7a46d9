import { closeSync, existsSync, openSync } from 'node:fs';
import { FileHandle, open, rm, stat } from 'node:fs/promises';
import { join, parse, resolve } from 'node:path';
import { OperatorError } from '../../base/operator-error';

/** Where the files end. */
export interface Lengths {
  rows: number;
  reasons: number;
}

export const EMPTY: Lengths = { rows: 0, reasons: 0 };

export interface RefusedRow {
  where: string;
  text: string;
  reason: string;
}

/**
 * The rows that were refused, in the form they came, so that the file can be imported once it is mended; beside it, in
 * `….reasons.txt`, a line for each of them. Rows may hold secrets: only the owner can read the files.
 */
export class RefusedFile {
  /** @param header first line of the rows' file, with a byte order mark if it has one */
  constructor(
    readonly path: string,
    private readonly header?: string,
  ) {}

  /**
   * The file of a new run, empty: from now on no other run takes its name.
   * @param chosen by the operator; otherwise `fallback`, with a number if that exists
   * @throws OperatorError for a chosen file that exists: it is another run's
   */
  static create(chosen: string | undefined, fallback: string, header?: string): RefusedFile {
    for (let n = 1; ; n++) {
      const path = chosen ?? numbered(fallback, n);
      if (takes(path)) return new RefusedFile(resolve(path), header);
      if (chosen !== undefined) throw new OperatorError(`${chosen} exists: name another --refused file`);
    }
  }

  /** Gives the name back, when no row was refused. */
  async discard(): Promise<void> {
    await Promise.all([this.path, reasonsOf(this.path)].map((path) => rm(path, { force: true })));
  }

  /** Whether no run has rows in it. */
  async isEmpty(): Promise<boolean> {
    return (await sizeOf(this.path)) === 0;
  }

  /** Whether what was written before is still there. */
  async has(lengths: Lengths): Promise<boolean> {
    const sizes = await Promise.all([this.path, reasonsOf(this.path)].map(sizeOf));
    return sizes[0]! >= lengths.rows && sizes[1]! >= lengths.reasons;
  }

  /**
   * Writes behind `at` and cuts off what was there: the same rows may be written again, as their transaction may.
   * @returns where the files end now
   */
  async write(at: Lengths, refused: RefusedRow[]): Promise<Lengths> {
    if (refused.length === 0) return at;
    const header = at.rows === 0 && this.header !== undefined ? `${this.header}\n` : '';
    const rows = header + refused.map(({ text }) => `${text}\n`).join('');
    const reasons = refused.map(({ where, reason }) => `${where}: ${reason}\n`).join('');
    return {
      rows: await writeAt(this.path, at.rows, rows),
      reasons: await writeAt(reasonsOf(this.path), at.reasons, reasons),
    };
  }
}

const reasonsOf = (path: string) => `${path}.reasons.txt`;

function numbered(fallback: string, n: number): string {
  const { dir, name, ext } = parse(fallback);
  return n === 1 ? fallback : join(dir, `${name}-${n}${ext}`);
}

/** Creates a file. @returns false if it, or the one of its reasons, exists; a fault is told by the first row */
function takes(path: string): boolean {
  if (existsSync(reasonsOf(path))) return false;
  try {
    closeSync(openSync(path, 'wx', 0o600));
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'EEXIST';
  }
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => ({ size: 0 }))).size;
}

/** @returns the length of the file */
async function writeAt(path: string, at: number, text: string): Promise<number> {
  const file = await openToWrite(path);
  try {
    await file.truncate(at);
    const bytes = Buffer.from(text);
    await file.write(bytes, 0, bytes.length, at);
    await file.sync(); // the checkpoint that follows says it is there
    return at + bytes.length;
  } finally {
    await file.close();
  }
}

async function openToWrite(path: string): Promise<FileHandle> {
  try {
    return existsSync(path) ? await open(path, 'r+') : await open(path, 'wx', 0o600);
  } catch (error) {
    throw new OperatorError(`${path} cannot be written (${(error as NodeJS.ErrnoException).code})`);
  }
}
