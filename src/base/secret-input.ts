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
  if (!process.stdin.isTTY) return firstLine(await buffer(process.stdin));
  const muted = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: muted, terminal: true });
  const ask = async (what: string) => {
    process.stderr.write(`${what}: `);
    const answer = await terminal.question('').catch(() => {
      throw new OperatorError('nothing was entered, nothing is changed'); // Ctrl-C
    });
    process.stderr.write('\n');
    return answer;
  };
  try {
    const secret = await ask(prompt);
    const again = await ask(`${prompt} again`);
    if (again !== secret) throw new OperatorError('these were two different ones, nothing is changed');
    return secret;
  } finally {
    terminal.close();
  }
}

/** @throws OperatorError for another encoding (GBK …), in which different secrets would become the same characters */
function firstLine(input: Buffer): string {
  if (!isUtf8(input)) throw new OperatorError('standard input must be UTF-8, nothing is changed');
  return input.toString().split(/\r?\n/, 1)[0]!;
}
