import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../mariadb/server';

/** Interval of HAProxy's checks: a server that answers 503 still gets requests for twice this long. */
const PROBE_MS = 500;

// Debian installs HAProxy in /usr/sbin, which is not on every PATH.
const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };

/** HAProxy in front of some servers: it checks /health/ready, keeps connections open and never retries a request. */
export class Balancer {
  private constructor(
    private readonly process: ChildProcess,
    readonly url: string,
    private readonly statisticsUrl: string,
  ) {}

  static async start(directory: string, ports: number[]): Promise<Balancer> {
    const [port, statistics] = [await freePort(), await freePort()];
    const file = join(directory, 'haproxy.cfg');
    writeFileSync(file, configuration(port, statistics, ports));
    const child = spawn('haproxy', ['-db', '-f', file], { stdio: 'ignore', env });
    await once(child, 'spawn');
    return new Balancer(child, `http://127.0.0.1:${port}`, `http://127.0.0.1:${statistics}/;csv`);
  }

  /** Waits until HAProxy sends requests to a server. */
  async untilUp(port: number): Promise<void> {
    while (!(await this.statistics()).some((line) => line.startsWith(`hub,${port},`) && line.includes(',UP,'))) {
      await sleep(50);
    }
  }

  async stop(): Promise<void> {
    const exited = once(this.process, 'exit');
    this.process.kill('SIGKILL');
    await exited;
  }

  private async statistics(): Promise<string[]> {
    if (this.process.exitCode !== null) throw new Error(`HAProxy ended with code ${this.process.exitCode}`);
    const csv = await fetch(this.statisticsUrl).then(
      (answer) => answer.text(),
      () => '', // not listening yet
    );
    return csv.split('\n');
  }
}

function configuration(port: number, statistics: number, ports: number[]): string {
  return `
defaults
  mode http
  retries 0
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  timeout check 5s
frontend clients
  bind 127.0.0.1:${port}
  default_backend hub
backend hub
  balance roundrobin
  option httpchk GET /health/ready
  http-check expect status 200
  default-server check inter ${PROBE_MS}ms fall 2 rise 1
${ports.map((server) => `  server ${server} 127.0.0.1:${server}`).join('\n')}
frontend statistics
  bind 127.0.0.1:${statistics}
  stats enable
  stats uri /
`;
}
