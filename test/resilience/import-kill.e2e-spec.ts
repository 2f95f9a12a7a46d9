import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { DataSource } from 'typeorm';
import { readEnv } from '../../src/config/env';
import { connect } from '../../src/database/connect';
import { dataSourceOptions } from '../../src/schema/data-source';
import { insertRows } from '../../src/database/insert';
import { Customer } from '../../src/user-customer/entities/customer.entity';
import { CLI } from '../cli';
import { createDatabase, TestDatabase } from '../database';
import { expectExactlyDerived } from '../derived-rows';
import { buildEnterprise, buildTag, buildUser } from '../factories';
import { until } from '../until';
import { fingerprint } from './fingerprint';
import { measured } from './measured';

const ROWS = 20_000;
const KILLS = 10;
/** The first of them waits until the lease ends by itself; the others have it ended, as 15 s of each would be minutes. */
const REAL_WAITS = 1;
const REFUSED = 20;
const TENANT = { uniacid: 2, enterpriseId: 4711 };
const TIMES = { created_at: '2020-01-02 03:04:05', updated_at: null };

const isRefused = (i: number) => i % (ROWS / REFUSED) === 11;

const relation = (i: number) => ({
  user_id: isRefused(i) ? 77 : 998,
  customer_id: 1 + i,
  reference: `参考${i}`,
  created: '2020-01-02 03:04:05',
});

/** Each contact has two of them, every third one a tag. */
const follow = (i: number) => ({
  id: 1 + i,
  userid: isRefused(i) ? '' : `employee-${i % 40}`,
  external_userid: `wm-${i >> 1}`,
  remark: `备注${i}`,
  createtime: 1_600_000_000 + i,
  tag_id: i % 3 === 0 ? 'et-kill' : '',
  ...TIMES,
  has_one_customer: { id: 1 + (i >> 1), name: `联系人${i >> 1}`, ...TIMES },
});

/** A database of its own, and the command that imports a file into it. */
class Place {
  private readonly directory = mkdtempSync(join(tmpdir(), 'customer-hub-import-'));

  private constructor(
    private readonly database: TestDatabase,
    readonly dataSource: DataSource,
    private readonly words: string[],
  ) {}

  /** @param words what follows `import file` */
  static async make(words: string[]): Promise<Place> {
    const database = await createDatabase();
    const dataSource = await connect(dataSourceOptions(readEnv({ DATABASE_URL: database.url })));
    await dataSource.runMigrations();
    await buildUser(dataSource, { userId: 998, passwordHash: 'none' });
    await buildEnterprise(dataSource, { id: TENANT.enterpriseId, uniacid: TENANT.uniacid, name: '企业' });
    await buildTag(dataSource, { ...TENANT, id: 1, tagId: 'et-kill', name: '标签' });
    const customers = Array.from({ length: ROWS }, (_, i) => ({ customerId: 1 + i, name: '', secret: '' }));
    for (let i = 0; i < ROWS; i += 1000) await insertRows(dataSource.manager, Customer, customers.slice(i, i + 1000));
    return new Place(database, dataSource, words);
  }

  async remove(): Promise<void> {
    await this.dataSource.destroy();
    await this.database.drop();
    rmSync(this.directory, { recursive: true });
  }

  get refused(): string {
    return readFileSync(join(this.directory, 'refused'), 'utf8');
  }

  /** Runs the command to its end. @returns the report that it prints last */
  async run(): Promise<any> {
    const child = this.begin();
    const [output] = await Promise.all([text(child.stdout!), once(child, 'exit')]);
    return JSON.parse(output.trim().split('\n').at(-1)!);
  }

  /** Kills the command once the table has so many rows, which it has in some state of its work. */
  async killAt(rows: number, table: string, waits: boolean): Promise<void> {
    const child = this.begin();
    await until(async () => child.exitCode !== null || (await this.count(table)) >= rows);
    child.kill('SIGKILL');
    if (child.signalCode === null && child.exitCode === null) await once(child, 'exit');
    if (waits) await until(() => this.isFree());
    else await this.dataSource.query('UPDATE import_checkpoint SET lease_until = 0');
  }

  /** What the audit log tells, without ids and times. */
  entries(): Promise<unknown[]> {
    return this.dataSource.query(
      'SELECT kind, action, user_id, customer_id, enterprise_id, actor, changes FROM audit_entry ORDER BY id',
    );
  }

  private begin(): ChildProcess {
    const env = { PATH: process.env.PATH, DATABASE_URL: this.database.url };
    const words = ['import', 'file', ...this.words, '--apply', '--refused', 'refused'];
    return spawn(process.execPath, [CLI, ...words], { cwd: this.directory, env, stdio: ['ignore', 'pipe', 'ignore'] });
  }

  private async count(table: string): Promise<number> {
    const [{ n }] = await this.dataSource.query<[{ n: number }]>(`SELECT COUNT(*) AS n FROM ${table}`);
    return Number(n);
  }

  private async isFree(): Promise<boolean> {
    const [row] = await this.dataSource.query<{ until: number }[]>(
      'SELECT lease_until AS `until` FROM import_checkpoint',
    );
    return row !== undefined && Number(row.until) < Date.now();
  }
}

describe.each([
  { kind: 'relations', row: relation, table: 'user_customer', options: [] },
  { kind: 'follows', row: follow, table: 'wechat_follow', options: ['--business', String(TENANT.enterpriseId)] },
])('an import of $kind that is killed again and again', ({ kind, row, table, options }) => {
  let directory: string;
  let killed: Place;
  let undisturbed: Place;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'customer-hub-file-'));
    const path = join(directory, 'rows.jsonl');
    writeFileSync(path, Array.from({ length: ROWS }, (_, i) => `${JSON.stringify(row(i))}\n`).join(''));
    killed = await Place.make([kind, path, ...options]);
    undisturbed = await Place.make([kind, path, ...options]);
  });

  afterAll(async () => {
    await killed?.remove();
    await undisturbed?.remove();
    rmSync(directory, { recursive: true });
  });

  test('ends with the tables, the log and the refused rows of one that was not', async () => {
    const whole = await undisturbed.run();
    expect(whole).toMatchObject({ new: ROWS - REFUSED, refused: REFUSED, resumed: false });
    for (let kill = 1; kill <= KILLS; kill++) {
      await killed.killAt(Math.floor((ROWS * (kill - 0.5)) / (KILLS + 1)), table, kill <= REAL_WAITS);
    }
    expect(await killed.run()).toEqual({ ...whole, refusedFile: expect.any(String), resumed: true });
    const withoutLog = { audit_entry: '1 = 0' };
    expect(await fingerprint(killed.dataSource, withoutLog)).toEqual(
      await fingerprint(undisturbed.dataSource, withoutLog),
    );
    expect(await killed.entries()).toEqual(await undisturbed.entries());
    expect(await killed.entries()).toHaveLength(ROWS - REFUSED);
    expect(killed.refused).toBe(undisturbed.refused);
    await expectExactlyDerived(killed.dataSource, TENANT);
    measured(`a killed import of ${kind}`, { kills: KILLS, rows: ROWS, 'rows told otherwise': 0 });
  });
});
