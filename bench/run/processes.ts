import { ChildProcess, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { availableParallelism } from 'node:os';

/** The core of the server under measurement. */
export const SERVER_CORE = 0;
/** The core of the load generator and of MariaDB. */
export const LOAD_CORE = 1;

/** One tick of the clock in /proc/<pid>/stat; Linux has 100 ticks a second everywhere. */
const TICK_US = 10_000;

/** The command line that pins a program to a core; on a machine with one core, the plain command line. */
export function onCore(core: number, command: string, args: string[]): [string, string[]] {
  return availableParallelism() > 1 ? ['taskset', ['-c', String(core), command, ...args]] : [command, args];
}

/** Processor time that a process has used in user and kernel mode, in microseconds. */
export function cpuTime(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_US;
}

/** Resident memory of a process (RSS), in megabytes. */
export function residentMegabytes(pid: number): number {
  return megabytesOf(pid, 'VmRSS');
}

/** The most resident memory that a process has had, in megabytes. */
export function peakMegabytes(pid: number): number {
  return megabytesOf(pid, 'VmHWM');
}

function megabytesOf(pid: number, field: string): number {
  const [, kilobytes] = new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!;
  return Number(kilobytes) / 1024;
}

/** Runs `work` when this process exits early. @returns a function that cancels it */
export function atExit(work: () => void): () => void {
  process.once('exit', work);
  return () => void process.off('exit', work);
}

/** Ends a process started here and waits until it is gone. */
export async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await gone;
}

export function isInstalled(command: string): boolean {
  try {
    execFileSync('which', [command], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
