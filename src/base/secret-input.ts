import { isUtf8 } from 'node:buffer';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { OperatorError } from './operator-error';

/**
 * Reads a secret without echoing it: typed twice at a terminal, or the first line of piped input. A secret is never an
 * argument, which every user of the machine can see in the process list.
 * @throws OperatorError
 */
export async function readSecret(prompt: string): Promise<string> {
  if (!process.stdin.isTTY) return (await pipedLines())[0]!;
  const [secret, again] = await typedLines([prompt, `${prompt} again`]);
  if (again !== secret) throw new OperatorError('these were two different ones, nothing is changed');
  return secret!;
}

/**
 * Reads several secrets that are pasted from elsewhere, as {@link readLines}, without the blanks around them.
 * @throws OperatorError also for more lines than prompts
 */
export async function readSecrets(prompts: readonly string[]): Promise<string[]> {
  return (await readLines(prompts)).map((line) => line.trim());
}

/**
 * Reads several secrets, so that none has to be typed twice: a line each, at a terminal or of piped input. Lines that are
 * missing at the end are empty.
 * @throws OperatorError also for more lines than prompts
 */
export async function readLines(prompts: readonly string[]): Promise<string[]> {
  const lines = process.stdin.isTTY ? await typedLines(prompts) : await pipedLines();
  const isMore = lines.slice(prompts.length).some((line) => line.trim() !== '');
  if (isMore) throw new OperatorError(`standard input has more than ${prompts.length} lines, nothing is changed`);
  return prompts.map((_prompt, index) => lines[index] ?? '');
}

/** Asks for lines without echoing them. */
async function typedLines(prompts: readonly string[]): Promise<string[]> {
  const muted = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: muted, terminal: true });
  const lines: string[] = [];
  try {
    for (const prompt of prompts) {
      process.stderr.write(`${prompt}: `);
      const answer = await terminal.question('').catch(() => {
        throw new OperatorError('nothing was entered, nothing is changed'); // Ctrl-C
      });
      process.stderr.write('\n');
      lines.push(answer);
    }
    return lines;
  } finally {
    terminal.close();
  }
}

/** @throws OperatorError for another encoding (GBK …), in which different secrets would become the same characters */
async function pipedLines(): Promise<string[]> {
  const input = await buffer(process.stdin);
  if (!isUtf8(input)) throw new OperatorError('standard input must be UTF-8, nothing is changed');
  return input.toString().split(/\r?\n/);
}
