import { ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';

const START_TIMEOUT_MS = 30_000;

// Debian installs the server in /usr/sbin, which is not on every PATH.
const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };

/** A MariaDB server of the tests' own: own data directory, free port, removed afterwards. */
export class MariadbServer {
  private process: ChildProcess;

  private constructor(
    private readonly directory: string,
    /** Of its own: a server that starts deletes the temporary tables that it finds, those of another server as well. */
    private readonly temporary: string,
    private readonly port: number,
    private readonly options: string[],
  ) {}

  /** @param options of mariadbd, for servers that keep data, replicate … */
  static async start(options: string[] = []): Promise<MariadbServer> {
    const directory = mkdtempSync(join(tmpdir(), 'customer-hub-mariadb-'));
    const user = `--user=${userInfo().username}`;
    const install = ['--no-defaults', user, `--datadir=${directory}`, '--auth-root-authentication-method=normal'];
    execFileSync('mariadb-install-db', [...install, '--skip-test-db'], { stdio: 'ignore', env });
    const temporary = mkdtempSync(join(tmpdir(), 'customer-hub-mariadb-tmp-'));
    const server = new MariadbServer(directory, temporary, await freePort(), options);
    await server.run();
    return server;
  }

  /** `mariadb://root@127.0.0.1:port/` */
  get url(): string {
    return `mariadb://root@127.0.0.1:${this.port}/`;
  }

  /** Starts the server on its data and port; also after {@link kill}. */
  async run(): Promise<void> {
    this.process = spawn(
      'mariadbd',
      [
        '--no-defaults',
        `--user=${userInfo().username}`,
        `--datadir=${this.directory}`,
        `--tmpdir=${this.temporary}`,
        `--socket=${join(this.directory, 'socket')}`,
        '--bind-address=127.0.0.1',
        `--port=${this.port}`,
        '--innodb-buffer-pool-size=128M',
        '--innodb-flush-log-at-trx-commit=0', // test data need not survive a crash
        '--skip-log-bin',
        ...this.options,
      ],
      { stdio: 'ignore', env },
    );
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
    this.process.kill('SIGSTOP');
  }

  thaw(): void {
    this.process.kill('SIGCONT');
  }

  private async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const gone = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.kill(signal);
    await gone;
  }

  private async untilReady(): Promise<void> {
    const deadline = Date.now() + START_TIMEOUT_MS;
    for (;;) {
      try {
        await (await createConnection({ host: '127.0.0.1', port: this.port, user: 'root' })).end();
        return;
      } catch (error) {
        if (Date.now() > deadline || this.process.exitCode !== null) throw error;
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
