import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { OperatorError } from '../../src/base/operator-error';
import { SUCCESS } from './client';
import type { RunningServer } from './contenders';
import { cpuTime, isInstalled, LOAD_CORE, onCore } from './processes';
import type { Kind, WireRequest } from './workload';

const SCRIPT = resolve(__dirname, '../../../bench/run/requests.lua');
const RESULT = /^RESULT (\d+) (\d+) (\d+) (\d+) (\d+)$/m;

/** Enough requests that no round runs out of them and starts over: a repeated `add` would be refused. */
const MAX_REQUESTS_PER_SECOND = 12_000;
const VARIED_REQUESTS = 5_000;

/** The figures of one round against one server. */
export interface Round {
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** Processor time of the server process per request, in microseconds. */
  cpuUs: number;
}

/** @throws OperatorError when wrk is missing */
export function assertWrk(): void {
  if (!isInstalled('wrk')) {
    throw new OperatorError('wrk is not installed (Debian: apt-get install wrk); --quick does without it');
  }
}

/** Loads one server with requests of one kind for some seconds. */
export async function load(server: RunningServer, kind: Kind, seconds: number): Promise<Round> {
  const directory = mkdtempSync(join(tmpdir(), 'customer-hub-wrk-'));
  const file = join(directory, 'requests');
  const count = kind.name === 'add' ? MAX_REQUESTS_PER_SECOND * seconds : VARIED_REQUESTS;
  writeFileSync(file, Array.from({ length: count }, () => toLine(kind.next())).join(''));
  const options = ['-t1', `-c${kind.connections}`, `-d${seconds}s`, '--timeout', '60s', '-s', SCRIPT, server.origin];
  const [command, args] = onCore(LOAD_CORE, 'wrk', [...options, '--', file]);
  try {
    const cpuBefore = cpuTime(server.pid);
    const { stdout } = await promisify(execFile)(command, args);
    const cpuUsed = cpuTime(server.pid) - cpuBefore;
    const [, requests, microseconds, p50, p99, failed] = (RESULT.exec(stdout) ?? []).map(Number);
    if (requests === undefined) throw new OperatorError(`wrk said something unexpected: ${stdout}`);
    if (failed! > 0) throw new OperatorError(`${server.name}, ${kind.name}: ${failed} requests failed`);
    await settle(server, kind);
    return {
      perSecond: requests / (microseconds! / 1e6),
      p50Ms: p50! / 1000,
      p99Ms: p99! / 1000,
      cpuUs: cpuUsed / requests,
    };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/**
 * Waits for queries that wrk has given up on and that still run: an answer to one more request tells that they have
 * ended.
 * @throws OperatorError when that answer is a failure, because the answers before it may have been failures too
 */
async function settle(server: RunningServer, kind: Kind): Promise<void> {
  const { method, path, token, body } = kind.next();
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const answer = await (await fetch(server.origin + path, { method, headers, body })).text();
  if (!SUCCESS.test(answer)) {
    throw new OperatorError(`${server.name}, ${kind.name}: ${answer.slice(0, 200)}`);
  }
}

function toLine({ method, path, token, body = '' }: WireRequest): string {
  return `${method}\t${path}\t${token}\t${body}\n`;
}
