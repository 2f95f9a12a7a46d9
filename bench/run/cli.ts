import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { atExit, cpuTime, onCore, peakMegabytes, SERVER_CORE } from './processes';

const CLI = resolve(__dirname, '../../src/cli.js');
const WATCH_MS = 100;

/** A command of the product that has ended. */
export interface Ran {
  /** Its last line, as JSON. */
  report: unknown;
  seconds: number;
  /** Its processor time, in microseconds. */
  cpuUs: number;
  peakMegabytes: number;
}

/**
 * Runs a command as an operator does, on the server's core.
 * @param settings environment variables
 */
export async function runCommand(
  words: string[],
  settings: Record<string, string>,
  nodeOptions: string[] = [],
): Promise<Ran> {
  const [command, args] = onCore(SERVER_CORE, process.execPath, [...nodeOptions, CLI, ...words]);
  const { PATH = '' } = process.env;
  const env = { PATH, NODE_ENV: 'production', ...settings };
  const startedAt = performance.now();
  const child = spawn(command, args, { cwd: tmpdir(), env, stdio: ['ignore', 'pipe', 'inherit'] });
  const callOff = atExit(() => child.kill());
  const used = { peakMegabytes: 0, cpuUs: 0 };
  const watch = setInterval(() => {
    try {
      used.peakMegabytes = peakMegabytes(child.pid!);
      used.cpuUs = cpuTime(child.pid!);
    } catch {
      // it has just ended
    }
  }, WATCH_MS);
  const output = await text(child.stdout).finally(() => clearInterval(watch));
  callOff();
  const report: unknown = JSON.parse(output.trim().split('\n').at(-1) || '{}');
  return { report, seconds: (performance.now() - startedAt) / 1000, ...used };
}
