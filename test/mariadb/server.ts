import { ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';

const START_TIMEOUT_MS = 30_000;

// Debian keeps the server in /usr/sbin, which is not on everybody's PATH.
const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };

/** A MariaDB server of the tests' own: own data directory, free port, gone afterwards. */
export class MariadbServer {
  private constructor(
    private readonly process: ChildProcess,
    private readonly directory: string,
    /** `mariadb://root@127.0.0.1:port/` */
    readonly url: string,
  ) {}

  static async start(): Promise<MariadbServer> {
    const directory = mkdtempSync(join(tmpdir(), 'customer-hub-mariadb-'));
    const user = `--user=${userInfo().username}`;
    const install = ['--no-defaults', user, `--datadir=${directory}`, '--auth-root-authentication-method=normal'];
    execFileSync('mariadb-install-db', [...install, '--skip-test-db'], { stdio: 'ignore', env });
    const port = await freePort();
    const child = spawn(
      'mariadbd',
      [
        '--no-defaults',
        user,
        `--datadir=${directory}`,
        `--socket=${join(directory, 'socket')}`,
        '--bind-address=127.0.0.1',
        `--port=${port}`,
        '--innodb-buffer-pool-size=128M',
        '--innodb-flush-log-at-trx-commit=0', // tests, not data to keep
        '--skip-log-bin',
      ],
      { stdio: 'ignore', env },
    );
    const server = new MariadbServer(child, directory, `mariadb://root@127.0.0.1:${port}/`);
    await server.untilReady(port);
    return server;
  }

  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.process.once('exit', resolve));
    if (this.process.exitCode === null) {
      this.process.kill('SIGTERM');
      await gone;
    }
    rmSync(this.directory, { recursive: true, force: true });
  }

  private async untilReady(port: number): Promise<void> {
    const deadline = Date.now() + START_TIMEOUT_MS;
    for (;;) {
      try {
        await (await createConnection({ host: '127.0.0.1', port, user: 'root' })).end();
        return;
      } catch (error) {
        if (Date.now() > deadline || this.process.exitCode !== null) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
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
