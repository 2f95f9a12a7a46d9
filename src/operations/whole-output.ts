import { fstatSync, writeSync } from 'node:fs';

const STANDARD_OUTPUT = 1;

/**
 * Makes a command whose output is not taken end with an exit code of 1, so that a list that was cut short never looks
 * complete. A reader that has gone (`… | head -1`) has what it wanted and is told nothing.
 */
export function demandWholeOutput(): void {
  const { stdout, stderr } = process;
  stderr.on('error', () => undefined);
  if (fstatSync(STANDARD_OUTPUT).isFile()) stdout._write = writeWhole;
  stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code !== 'EPIPE') console.error(`customer-hub: standard output takes no more (${code})`);
    process.exit(1);
  });
}

/** Node writes to a file once and passes over what did not fit on the disk. */
function writeWhole(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error) => void): void {
  try {
    for (let written = 0; written < chunk.length;) written += writeSync(STANDARD_OUTPUT, chunk, written);
    done();
  } catch (error) {
    done(error as Error);
  }
}
