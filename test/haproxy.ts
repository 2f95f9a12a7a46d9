import { ChildProcess, spawn, spawnSync } from 'node:child_process';
import { connect } from 'node:net';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { patience } from './machine.cjs';

const CONFIGURATION = resolve(__dirname, '../deploy/haproxy.cfg');

// Debian installs it in /usr/sbin, which is not on every PATH.
const PATH = `${process.env.PATH}:/usr/sbin`;

/** Whether this machine has HAProxy. */
export const hasHaproxy = spawnSync('haproxy', ['-v'], { env: { PATH } }).status === 0;

/** HAProxy with deploy/haproxy.cfg, on addresses of the tests' own. */
export class Haproxy {
  private constructor(private readonly process: ChildProcess) {}

  /** @param addresses `127.0.0.1:port` for each variable of the configuration */
  static async start(addresses: Record<string, string>): Promise<Haproxy> {
    // -db keeps it in the foreground.
    const env = { PATH, ...addresses };
    const child = spawn('haproxy', ['-db', '-f', CONFIGURATION], { stdio: ['ignore', 'ignore', 'pipe'], env });
    let complaints = '';
    child.stderr.on('data', (chunk) => (complaints += String(chunk)));
    child.once('error', (error) => (complaints += error.message));
    for (let tries = 0; !(await isOpen(addresses.HUB_LISTEN!)); tries++) {
      if (tries > patience(100) || child.exitCode !== null) throw new Error(`no HAProxy: ${complaints}`);
      await sleep(100);
    }
    return new Haproxy(child);
  }

  async stop(): Promise<void> {
    if (this.process.exitCode !== null) return;
    const gone = new Promise((done) => this.process.once('exit', done));
    this.process.kill('SIGTERM');
    await gone;
  }
}

function isOpen(address: string): Promise<boolean> {
  const [host, port] = address.split(':');
  return new Promise((done) => {
    const socket = connect(Number(port), host)
      .once('connect', () => done(true))
      .once('error', () => done(false))
      .once('close', () => done(false));
    socket.once('connect', () => socket.destroy());
  });
}
