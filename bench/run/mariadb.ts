import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { OperatorError } from '../../src/base/operator-error';
import { atExit, freePort, LOAD_CORE, onCore, stopped } from './processes';

const START_TIMEOUT_MS = 30_000;
const DATABASE = 'bench';

// Debian installs the server in /usr/sbin, which is not on every PATH.
const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };

/** A MariaDB server of the benchmark's own, with an empty database. */
export interface Mariadb {
  /** The value for DATABASE_URL. */
  url: string;
  pid: number;
  /** Stops the server and removes its data. */
  stop(): Promise<void>;
}

export function hasMariadb(): boolean {
  try {
    execFileSync('mariadbd', ['--version'], { stdio: 'ignore', env });
    return true;
  } catch {
    return false;
  }
}

/** Starts a server in a temporary directory, on a free port and on the load generator's core. */
export async function startMariadb(): Promise<Mariadb> {
  if (!hasMariadb()) throw new OperatorError('mariadbd is not installed (Debian: apt-get install mariadb-server)');
  const directory = mkdtempSync(join(tmpdir(), 'customer-hub-bench-'));
  const user = `--user=${userInfo().username}`;
  const install = ['--no-defaults', user, `--datadir=${directory}`, '--auth-root-authentication-method=normal'];
  execFileSync('mariadb-install-db', [...install, '--skip-test-db'], { stdio: 'ignore', env });
  const port = await freePort();
  const [command, args] = onCore(LOAD_CORE, 'mariadbd', [
    '--no-defaults',
    user,
    `--datadir=${directory}`,
    `--socket=${join(directory, 'socket')}`,
    '--bind-address=127.0.0.1',
    `--port=${port}`,
    '--innodb-buffer-pool-size=4G', // the data fits, as on a server with enough memory
    '--innodb-log-file-size=512M',
    '--innodb-flush-log-at-trx-commit=2',
    '--skip-log-bin',
  ]);
  const child = spawn(command, args, { stdio: 'ignore', env });
  const callOff = atExit(() => {
    child.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  });
  const stop = async () => {
    callOff();
    await stopped(child);
    rmSync(directory, { recursive: true, force: true });
  };
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    try {
      const connection = await createConnection({ host: '127.0.0.1', port, user: 'root' });
      await connection.query(`CREATE DATABASE ${DATABASE} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
      await connection.end();
      return { url: `mariadb://root@127.0.0.1:${port}/${DATABASE}`, pid: child.pid!, stop };
    } catch (error) {
      if (Date.now() < deadline && child.exitCode === null) await new Promise((retry) => setTimeout(retry, 100));
      else {
        await stop();
        throw error;
      }
    }
  }
}
