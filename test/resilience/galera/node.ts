import { ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { userInfo } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection, createConnection, RowDataPacket } from 'mysql2/promise';
import { patience } from '../../machine.cjs';

/** The path in Debian's package `galera-4`. */
const PROVIDER = '/usr/lib/galera/libgalera_smm.so';
const START_TIMEOUT_MS = patience(60_000);

// Debian installs the server in /usr/sbin, which is not on every PATH.
const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` };

/** mariadbd refuses to run as root, and the full copy of a node (SST) runs as the server's user. */
const user = userInfo().uid === 0 ? 'mysql' : userInfo().username;

/** The ports of one node, all on 127.0.0.1. */
export interface GaleraPorts {
  /** The port for clients. */
  sql: number;
  /** The port for the group's messages. */
  group: number;
  /** The port on which a returning node receives what it missed (IST). */
  missed: number;
  /** The port on which a new node receives a full copy (SST). */
  everything: number;
}

/** One MariaDB server of a Galera cluster. */
export class GaleraNode {
  private process: ChildProcess | undefined;
  private readonly directory: string;
  private readonly log: string;

  constructor(
    readonly name: string,
    root: string,
    readonly ports: GaleraPorts,
    private readonly groupAddresses: string,
  ) {
    this.directory = join(root, name);
    this.log = join(root, `${name}.log`);
    makeDirectory(this.directory);
  }

  /** `mariadb://root@127.0.0.1:port/` */
  get url(): string {
    return `mariadb://root@127.0.0.1:${this.ports.sql}/`;
  }

  /** Creates the system tables; a node without them receives them when it joins. */
  install(): void {
    const install = ['--no-defaults', `--user=${user}`, `--datadir=${this.directory}`, '--skip-test-db'];
    execFileSync('mariadb-install-db', [...install, '--auth-root-authentication-method=normal'], {
      stdio: 'ignore',
      env,
    });
  }

  /** Starts the node and waits until it is a synced member. `bootstrap`: as the first of a new cluster. */
  async start({ bootstrap = false } = {}): Promise<void> {
    this.launch({ bootstrap });
    await this.synced();
  }

  /** Starts the process without waiting for the cluster. */
  launch({ bootstrap = false } = {}): void {
    const position = this.isKilled() ? this.recoveredPosition() : undefined;
    this.process = spawn(
      'mariadbd',
      [
        ...this.options(),
        ...(position ? [`--wsrep-start-position=${position}`] : []),
        ...(bootstrap ? ['--wsrep-new-cluster'] : []),
      ],
      { stdio: 'ignore', env },
    );
  }

  async synced(timeout = START_TIMEOUT_MS): Promise<void> {
    const deadline = Date.now() + timeout;
    while ((await this.status('wsrep_local_state_comment').catch(() => 'away')) !== 'Synced') {
      if (this.process?.exitCode !== null) throw new Error(`${this.name} ended: ${this.lastWords()}`);
      if (Date.now() > deadline) throw new Error(`${this.name} is not in the cluster: ${this.lastWords()}`);
      await sleep(100);
    }
  }

  /** Kills the node without notice to the others, like a power cut. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Stops the node, which leaves the cluster in order. */
  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  /** A variable of `SHOW GLOBAL STATUS`. */
  async status(name: string): Promise<string> {
    const [row] = await this.query(`SHOW GLOBAL STATUS LIKE '${name}'`);
    return String(row?.Value);
  }

  async query(sql: string): Promise<RowDataPacket[]> {
    return this.connected(async (connection) => (await connection.query<RowDataPacket[]>(sql))[0]);
  }

  /** How the node came back, from its log: with what it missed, or with a full copy. */
  cameBackBy(): 'IST' | 'SST' {
    const log = readFileSync(this.log, 'utf8');
    return log.lastIndexOf('IST received') > log.lastIndexOf('SST received') ? 'IST' : 'SST';
  }

  private async connected<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    const connection = await createConnection({ uri: this.url, connectTimeout: patience(1_000) });
    try {
      return await work(connection);
    } finally {
      connection.destroy();
    }
  }

  private async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const { process } = this;
    if (!process || process.exitCode !== null || process.signalCode !== null) return;
    const gone = new Promise((done) => process.once('exit', done));
    process.kill(signal);
    await gone;
  }

  private isKilled(): boolean {
    return this.process?.signalCode === 'SIGKILL';
  }

  /** The position a killed node had reached, as Debian's service reads it before each start (galera_recovery). */
  private recoveredPosition(): string {
    const log = join(this.directory, 'recovery.log');
    rmSync(log, { force: true });
    execFileSync('mariadbd', [...this.options(log), '--wsrep-recover'], { stdio: 'ignore', env });
    const position = /Recovered position: *(\S+)/.exec(readFileSync(log, 'utf8'))?.[1];
    if (!position) throw new Error(`${this.name} does not know how far it had come`);
    return position;
  }

  private options(log = this.log): string[] {
    const { sql, group, missed, everything } = this.ports;
    const provider = {
      'gmcast.listen_addr': `tcp://127.0.0.1:${group}`,
      'ist.recv_addr': `127.0.0.1:${missed}`,
      'gcache.size': '64M',
    };
    return [
      '--no-defaults',
      `--user=${user}`,
      `--datadir=${this.directory}`,
      `--socket=${join(this.directory, 'socket')}`,
      `--log-error=${log}`,
      '--bind-address=127.0.0.1',
      `--port=${sql}`,
      '--innodb-buffer-pool-size=64M',
      '--innodb-log-file-size=16M',
      '--innodb-flush-log-at-trx-commit=2', // a killed process loses nothing, and the cluster has the rest
      '--innodb-autoinc-lock-mode=2',
      '--binlog-format=ROW',
      '--skip-log-bin',
      '--wsrep-on=ON',
      `--wsrep-provider=${PROVIDER}`,
      `--wsrep-provider-options=${Object.entries(provider)
        .map(([name, value]) => `${name}=${value}`)
        .join(';')}`,
      '--wsrep-cluster-name=customer-hub',
      `--wsrep-cluster-address=gcomm://${this.groupAddresses}`,
      `--wsrep-node-name=${this.name}`,
      `--wsrep-node-address=127.0.0.1:${group}`,
      '--wsrep-sst-method=rsync',
      `--wsrep-sst-receive-address=127.0.0.1:${everything}`,
    ];
  }

  private lastWords(): string {
    return readFileSync(this.log, 'utf8')
      .split('\n')
      .filter((line) => line.includes('[ERROR]'))
      .slice(-5)
      .join('\n');
  }
}

/** A directory that the server's user may write to. */
export function makeDirectory(directory: string): void {
  mkdirSync(directory, { recursive: true });
  if (userInfo().uid !== 0) return;
  const id = (flag: string) => Number(execFileSync('id', [flag, user], { encoding: 'utf8' }));
  chownSync(directory, id('-u'), id('-g'));
}
