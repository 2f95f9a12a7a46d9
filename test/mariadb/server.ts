import { ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { patience } from '../machine.cjs';

const START_TIMEOUT_MS = patience(60_000);
/** A port is free when it is chosen; another process may take it before the server does. */
const PORTS_TRIED = 3;

/** A MariaDB server of the tests' own that cannot be had; the message has the server's own line. */
class NoServer extends Error {
  constructor(what: string, log: string) {
    const lines = log.trim().split('\n');
    const line = [/\[ERROR\]/, /error|fail/i, /./].map((kind) => lines.find((each) => kind.test(each))).find(Boolean);
    super(`the tests' own MariaDB server cannot start: ${what}: ${line ?? 'it says nothing'}`);
  }
}

// Debian installs the server in /usr/sbin, which is not on every PATH.
const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };

/** A MariaDB server of the tests' own: own data directory, free port, removed afterwards. */
export class MariadbServer {
  private process?: ChildProcess;

  private constructor(
    private readonly directory: string,
    /** Of its own: a server that starts deletes the temporary tables that it finds, those of another server as well. */
    private readonly temporary: string,
    private port: number,
    private readonly options: string[],
  ) {}

  /**
   * @param options of mariadbd, for servers that keep data, replicate …
   * @throws NoServer
   */
  static async start(options: string[] = []): Promise<MariadbServer> {
    const directory = mkdtempSync(join(tmpdir(), 'customer-hub-mariadb-'));
    const user = `--user=${userInfo().username}`;
    const install = ['--no-defaults', user, `--datadir=${directory}`, '--auth-root-authentication-method=normal'];
    const installed = spawnSync('mariadb-install-db', [...install, '--skip-test-db'], { encoding: 'utf8', env });
    const temporary = mkdtempSync(join(tmpdir(), 'customer-hub-mariadb-tmp-'));
    const server = new MariadbServer(directory, temporary, await freePort(), options);
    try {
      if (installed.error) throw new NoServer('is mariadb-server installed?', installed.error.message);
      if (installed.status !== 0) throw new NoServer('mariadb-install-db', installed.stderr + installed.stdout);
      for (let tried = 1; !(await server.isRunning(tried === PORTS_TRIED)); tried++) server.port = await freePort();
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  /** `mariadb://root@127.0.0.1:port/` */
  get url(): string {
    return `mariadb://root@127.0.0.1:${this.port}/`;
  }

  /** Starts the server on its data and port; also after {@link kill}. @throws NoServer */
  async run(): Promise<void> {
    this.process = spawn(
      'mariadbd',
      [
        '--no-defaults',
        `--user=${userInfo().username}`,
        `--datadir=${this.directory}`,
        `--tmpdir=${this.temporary}`,
        `--socket=${join(this.directory, 'socket')}`,
        `--log-error=${this.log}`,
        '--bind-address=127.0.0.1',
        `--port=${this.port}`,
        '--innodb-buffer-pool-size=128M',
        '--innodb-flush-log-at-trx-commit=0', // test data need not survive a crash
        '--skip-log-bin',
        ...this.options,
      ],
      { stdio: 'ignore', env },
    ).once('error', () => undefined); // untilReady reports it
    await this.untilReady();
  }

  async stop(): Promise<void> {
    await this.end('SIGTERM');
    for (const folder of [this.directory, this.temporary]) rmSync(folder, { recursive: true, force: true });
  }

  /** Kills the server, as a crash would; its data stay. */
  kill(): Promise<void> {
    return this.end('SIGKILL');
  }

  /** Freezes the server: it accepts connections and answers nothing. */
  freeze(): void {
    this.process?.kill('SIGSTOP');
  }

  thaw(): void {
    this.process?.kill('SIGCONT');
  }

  /** Whether the server runs; false when its port was taken meanwhile. @throws NoServer for the last try, or otherwise */
  private async isRunning(isLastTry: boolean): Promise<boolean> {
    try {
      await this.run();
      return true;
    } catch (error) {
      if (isLastTry || !/Address already in use/.test((error as Error).message)) throw error;
      return false;
    }
  }

  private get log(): string {
    return join(this.temporary, 'error.log');
  }

  private readLog(): string {
    return existsSync(this.log) ? readFileSync(this.log, 'utf8') : '';
  }

  /** Also of a process that never began. */
  private get hasEnded(): boolean {
    return this.process?.pid === undefined || this.process.exitCode !== null || this.process.signalCode !== null;
  }

  private async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (this.hasEnded) return;
    const gone = new Promise((resolve) => this.process?.once('exit', resolve));
    this.process?.kill(signal);
    this.thaw(); // a frozen process ends only after it
    await gone;
  }

  private async untilReady(): Promise<void> {
    const deadline = performance.now() + START_TIMEOUT_MS;
    for (;;) {
      try {
        await (await createConnection({ host: '127.0.0.1', port: this.port, user: 'root' })).end();
        if (!this.hasEnded) return; // otherwise another server answered on its port
        throw new Error('Address already in use');
      } catch (error) {
        if (this.hasEnded) throw new NoServer('mariadbd ended', this.readLog());
        if (performance.now() > deadline) throw new NoServer((error as Error).message, this.readLog());
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
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
