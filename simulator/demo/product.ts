import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

const BUILT = resolve(__dirname, '../../src');
const USUAL_PORT = 3000;
const START_TIMEOUT_MS = 60_000;
const SHOWN_OF_LOG = 2_000;

/** The built product as a server and as commands, in a folder with its database and log; knows nothing of its code. */
export class Product {
  private readonly env: Record<string, string>;
  private server?: ChildProcess;

  /** @param ending ends commands under way */
  constructor(
    private readonly folder: string,
    private readonly port: number,
    private readonly ending: AbortSignal,
    settings: Record<string, string>,
  ) {
    const { PATH = '' } = process.env;
    const own = { PORT: String(port), DATABASE_URL: `sqlite:${join(folder, 'demo.sqlite')}` };
    this.env = { PATH, ...own, DEMO_DATA: 'true', DRAIN_SECONDS: '0', ...settings };
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts the server and waits until it is ready. @throws Error with the end of its log if it ends instead */
  async serve(): Promise<void> {
    const file = join(this.folder, 'server.log');
    const log = openSync(file, 'a');
    const { folder: cwd, env } = this;
    const server = spawn(process.execPath, [join(BUILT, 'main.js')], { cwd, env, stdio: ['ignore', log, log] });
    this.server = server;
    process.once('exit', () => server.kill()); // also when this program fails
    for (const deadline = Date.now() + START_TIMEOUT_MS; !(await this.isReady());) {
      if (server.exitCode !== null || Date.now() > deadline) {
        throw new Error(`the server does not start\n${readFileSync(file, 'utf8').slice(-SHOWN_OF_LOG)}`);
      }
      await sleep(100, undefined, { signal: this.ending });
    }
  }

  /**
   * Runs a command of the product beside the server; its progress and complaints are shown.
   * @param lines of its standard input
   * @returns the last line that it says @throws Error if it fails
   */
  async command(args: string[], lines: string[] = []): Promise<string> {
    const { folder: cwd, env, ending: signal } = this;
    const child = spawn(process.execPath, [join(BUILT, 'cli.js'), ...args], {
      ...{ cwd, env, signal },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const closed = once(child, 'close');
    child.stdin.end(lines.join('\n'));
    const said = text(child.stdout);
    const [code] = (await closed) as [number | null];
    if (code !== 0) throw new Error(`${args.slice(0, 2).join(' ')} ended with ${code}`);
    return (await said).trimEnd().split('\n').at(-1)!;
  }

  /** Ends the server and waits until it is gone. */
  async stop(): Promise<void> {
    const { server } = this;
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    const gone = once(server, 'exit');
    server.kill('SIGTERM');
    await gone;
  }

  private async isReady(): Promise<boolean> {
    return fetch(`${this.url}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  }
}

/** @returns the port asked for; any if it is taken, as others may serve here already */
export async function portOf(asked: string | undefined): Promise<number> {
  return (await freePort(Number(asked || USUAL_PORT))) ?? (await freePort(0))!;
}

/** @returns undefined if it is taken */
function freePort(port: number): Promise<number | undefined> {
  return new Promise((done) => {
    const server = createServer().once('error', () => done(undefined));
    server.listen(port, '127.0.0.1', () => {
      const found = (server.address() as { port: number }).port;
      server.close(() => done(found));
    });
  });
}
