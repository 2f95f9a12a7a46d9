import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { DataSource } from 'typeorm';
import { Simulator, startSimulator } from '../../simulator';
import type { Corp } from '../../simulator/corp';
import { readEnv } from '../../src/config/env';
import { connect } from '../../src/database/connect';
import { dataSourceOptions } from '../../src/schema/data-source';
import { CLI } from '../cli';
import { createDatabase, TestDatabase } from '../database';
import { expectExactlyDerived } from '../derived-rows';
import { buildEnterprise, buildRight, buildUser } from '../factories';
import { freePort } from '../mariadb/server';
import { Program } from '../program';
import { until } from '../until';
import { connectCorp, settingsFor } from '../wecom/hub';
import { measured } from './measured';

const KILLS = 20;
/** The first of them waits until the lease ends by itself; the others have it ended, as 15 s of each would be minutes. */
const REAL_WAITS = 1;
const FOLLOWS = 20_000;
const LOST = 1_500;
const TENANT = { uniacid: 2, enterpriseId: 4711 };

/** A database with an enterprise whose corp is in the simulator, and the sync as a command in a process of its own. */
class Place {
  private readonly directory = mkdtempSync(join(tmpdir(), 'customer-hub-sync-'));

  private constructor(
    readonly database: TestDatabase,
    readonly dataSource: DataSource,
    private readonly wecom: Simulator,
  ) {}

  static async make(wecom: Simulator, corp: Corp): Promise<Place> {
    const database = await createDatabase();
    const dataSource = await connect(dataSourceOptions(readEnv({ DATABASE_URL: database.url })));
    await dataSource.runMigrations();
    await buildEnterprise(dataSource, { id: TENANT.enterpriseId, uniacid: TENANT.uniacid });
    await connectCorp(dataSource, TENANT.enterpriseId, corp);
    return new Place(database, dataSource, wecom);
  }

  async remove(): Promise<void> {
    await this.dataSource.destroy();
    await this.database.drop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  begin(...options: string[]): ChildProcess {
    const env = { PATH: process.env.PATH, DATABASE_URL: this.database.url, ...settingsFor(this.wecom) };
    const words = ['wecom', 'sync', String(TENANT.enterpriseId), ...options];
    return spawn(process.execPath, [CLI, ...words], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  }

  /** Runs the command to its end. @returns the run that it prints last */
  async sync(...options: string[]): Promise<any> {
    const child = this.begin(...options);
    const [output] = await Promise.all([text(child.stdout!), once(child, 'exit')]);
    return JSON.parse(output.trim().split('\n').at(-1)!);
  }

  /** Kills the command once the condition holds, which it does in some state of its work. */
  async killWhen(isSo: () => boolean | Promise<boolean>, waits: boolean, ...options: string[]): Promise<void> {
    const child = this.begin(...options);
    await until(async () => child.exitCode !== null || (await isSo()));
    child.kill('SIGKILL');
    if (child.signalCode === null && child.exitCode === null) await once(child, 'exit');
    if (!waits) await this.dataSource.query('UPDATE wecom_run SET lease_until = 0');
  }

  /** The built program on the place's database. */
  async server(): Promise<Program> {
    const settings = { DATABASE_URL: this.database.url, ...settingsFor(this.wecom) };
    return new Program(this.directory, await freePort(), settings).ready();
  }

  /** Signs in as one who manages the enterprise, and starts a run by the route. @returns the run */
  async startBy(server: Program): Promise<any> {
    const { userId, username } = await buildUser(this.dataSource, { password: 'manager-of-the-place' });
    await buildRight(this.dataSource, { ...TENANT, userId });
    const login = await server.post('/api/login', { username, password: 'manager-of-the-place' });
    const { token } = login.result;
    await server.post(`/business/${TENANT.uniacid}/admin/manageBusiness`, { id: TENANT.enterpriseId }, token);
    const route = `/business/${TENANT.uniacid}/plugin/WechatCustomers/synchBaseData`;
    return (await server.post(route, {}, token)).data;
  }

  async stateOf(id: number): Promise<string> {
    const [row] = await this.dataSource.query<{ state: string }[]>('SELECT state FROM wecom_run WHERE id = ?', [id]);
    return row!.state;
  }

  /** By all runs: one may have ended before it was killed. */
  async lost(): Promise<number> {
    const [row] = await this.dataSource.query<{ lost: number }[]>('SELECT SUM(follows_lost) AS lost FROM wecom_run');
    return Number(row!.lost);
  }

  /** All that WeCom decides, without ids and times of writing. */
  rows(): Promise<unknown[]> {
    return this.dataSource.query(
      `SELECT follow.userid, follow.external_userid, follow.remark, follow.description, follow.tag_id, follow.createtime,
         follow.add_way, follow.state, follow.status, follow.lost_by, contact.name, contact.external_type,
         contact.external_profile
       FROM wechat_follow follow JOIN wechat_customer contact ON contact.id = follow.customer_pk
       ORDER BY follow.userid, follow.external_userid`,
    );
  }
}

describe('a sync that is killed again and again', () => {
  let wecom: Simulator;
  let corp: Corp;
  const places: Place[] = [];

  beforeAll(async () => {
    wecom = await startSimulator();
    corp = wecom.world.seeded({ employees: 40, contacts: 15_000, follows: FOLLOWS, tags: 30 });
    for (let i = 0; i < 2; i++) places.push(await Place.make(wecom, corp));
  });

  afterAll(async () => {
    for (const place of places) await place.remove();
    await wecom?.stop();
  });

  test('ends with the rows of one that was not, and fetches few pages again', async () => {
    const [killed, undisturbed] = places as [Place, Place];
    const pages = () => wecom.counts().calls['externalcontact/batch/get_by_user'] ?? 0;
    expect(await undisturbed.sync()).toMatchObject({ state: 'ok', resumed: 0, follows: { seen: FOLLOWS } });
    const needed = pages();
    wecom.resetCounts();
    for (let kill = 1; kill <= KILLS; kill++) {
      const at = Math.floor((needed * kill) / (KILLS + 1));
      await killed.killWhen(() => pages() >= at, kill <= REAL_WAITS);
    }
    expect(await killed.sync()).toMatchObject({
      state: 'ok',
      resumed: expect.any(Number),
      follows: { seen: FOLLOWS, new: FOLLOWS, lost: 0 },
    });
    measured('a killed sync', { kills: KILLS, 'pages fetched again': pages() - needed });
    expect(pages() - needed).toBeLessThanOrEqual(4 * KILLS);
    expect(await killed.rows()).toEqual(await undisturbed.rows());
    await expectExactlyDerived(killed.dataSource, TENANT);
  });

  test('goes on in another server when the first is killed', async () => {
    const [killed, undisturbed] = places as [Place, Place];
    const [first] = corp.allListed();
    corp.relation(first!.userid, first!.contact.external_userid).follow.remark = '改过';
    expect(await undisturbed.sync()).toMatchObject({ state: 'ok', follows: { changed: 1 } });
    wecom.resetCounts();
    const server = await killed.server();
    const { id } = await killed.startBy(server);
    await until(() => wecom.calls.length > 60);
    await server.kill('SIGKILL');
    const next = await killed.server();
    await until(async () => (await killed.stateOf(id)) !== 'running');
    expect(await killed.stateOf(id)).toBe('ok');
    await next.kill('SIGTERM');
    expect(await killed.rows()).toEqual(await undisturbed.rows());
  });

  test('and while losses are written', async () => {
    const [killed, undisturbed] = places as [Place, Place];
    const gone = [...corp.allListed()].filter((_, index) => index % 13 === 0).slice(0, LOST);
    for (const { userid, contact } of gone) corp.unfollowByMember(userid, contact.external_userid);
    expect(await undisturbed.sync()).toMatchObject({ state: 'ok', follows: { lost: gone.length } });
    for (let kill = 1; kill <= 5; kill++) {
      const at = Math.floor((gone.length * kill) / 6);
      await killed.killWhen(async () => (await killed.lost()) >= at, false);
    }
    expect((await killed.sync()).state).toBe('ok');
    expect(await killed.lost()).toBe(gone.length);
    expect(await killed.rows()).toEqual(await undisturbed.rows());
    await expectExactlyDerived(killed.dataSource, TENANT);
  });
});
