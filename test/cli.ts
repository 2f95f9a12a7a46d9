import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';

export const CLI = resolve(__dirname, '../dist/src/cli.js');

/**
 * Runs the built command line as a process; `'…'` is one word, standard input answers its prompts.
 * @param settings environment variables
 */
export async function runCli(
  databaseUrl: string,
  command: string,
  input: string | Buffer = '',
  settings: Record<string, string> = {},
) {
  const words = command.match(/'[^']*'|\S+/g) ?? [];
  const child = spawn(process.execPath, [CLI, ...words.map((word) => word.replace(/^'(.*)'$/, '$1'))], {
    env: { PATH: process.env.PATH, DATABASE_URL: databaseUrl, ...settings },
  });
  child.stdin.end(input);
  const exit = new Promise<number | null>((done) => child.once('close', done));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await exit, stdout, stderr };
}
