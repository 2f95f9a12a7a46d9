import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ADMIN, PASSWORD } from '../../bench/data/accounts';
import { fill } from '../../bench/data/fill';
import { FollowWriter } from '../../src/wechat-customers/write/follow-writer';
import { TestApp } from '../app';
import { runCli } from '../cli';
import { engine } from '../database';
import { expectExactlyDerived } from '../derived-rows';
import { buildUserCustomer, followData } from '../factories';
import { measured, percentile } from './measured';
import { SteadyLoad } from './steady-load';
import { UNLIMITED } from './unlimited';

const FOLLOWS = 10_000;
const TENANT = { uniacid: 2, enterpriseId: 1 };
const LIST = '/business/2/plugin/WechatCustomers/getList';
const CLI = resolve(__dirname, '../../dist/src/cli.js');

/** The command as a process of its own, while a server answers requests and follows are saved. */
describe('reindex beside a running server', () => {
  let app: TestApp;
  let token: string;

  beforeAll(async () => {
    app = await TestApp.start({
      settings: UNLIMITED,
      fill: (dataSource) => fill(dataSource, { relations: FOLLOWS, seed: 1 }),
    });
    token = await app.login(ADMIN.username, PASSWORD);
  });

  afterAll(() => app.stop());

  const post = (path: string, json: object, bearer = token) =>
    fetch(app.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${bearer}` },
      body: JSON.stringify(json),
    });

  const start = () =>
    spawn(process.execPath, [CLI, 'reindex'], {
      env: { PATH: process.env.PATH, DATABASE_URL: app.databaseUrl },
      stdio: 'ignore',
    });

  const ended = async (child: ChildProcess) => child.exitCode ?? ((await once(child, 'exit')) as [number | null])[0];

  /** As after all rows were loaded again by SQL: nothing is found, and every counter is wrong. */
  async function damageAll(): Promise<void> {
    for (const table of ['term', 'tag', 'count']) await app.dataSource.query(`DELETE FROM wechat_follow_${table}`);
    await app.dataSource.query('UPDATE wechat_follow SET customer_pk = 1, external_type = 1, customer_uid = 1');
  }

  /** Saves follows one after the other until `goesOn` says no. @returns the longest save in ms */
  async function saveWhile(goesOn: () => boolean): Promise<number[]> {
    const times: number[] = [];
    while (goesOn()) {
      const begun = performance.now();
      await app.app.get(FollowWriter).save(TENANT, [followData({ follow: { remark: '重建期间' } })]);
      times.push(performance.now() - begun);
      await sleep(20);
    }
    return times;
  }

  test('no save fails, no request does but for a rare 503 on SQLite, and all is derived in the end', async () => {
    await damageAll();
    const { userId: user_id, customerId: customer_id } = await buildUserCustomer(app.dataSource, {
      userId: ADMIN.userId,
    });
    const requests = [
      () => post(LIST, { search: { customer: '王' } }),
      () => post('/api/login', { username: ADMIN.username, password: PASSWORD }),
      (n: number) => post('/api/user_customer/edit', { user_id, customer_id, reference: `${n}` }),
      () => post('/business/2/admin/manageBusiness', { id: 1 }),
    ];
    const load = new SteadyLoad(8, (n) => requests[n % requests.length]!(n));
    let isRunning = true;
    const saving = saveWhile(() => isRunning);
    const begun = performance.now();
    const { code, stdout } = await runCli(app.databaseUrl, 'reindex');
    const seconds = (performance.now() - begun) / 1000;
    isRunning = false;
    const saves = await saving;
    const outcomes = await load.stop();
    const failed = outcomes.filter(({ status, body }) => status !== 200 || !(body.code === 200 || body.result === 1));
    measured(`reindex of ${FOLLOWS} follows that are all wrong, on ${engine}, beside requests and saves`, {
      seconds: Math.round(seconds),
      requests: outcomes.length,
      failed: failed.length,
      'slowest request ms': Math.round(Math.max(...outcomes.map(({ milliseconds }) => milliseconds))),
      saves: saves.length,
      'slowest save ms': Math.round(percentile(saves, 1)),
    });
    expect([code, stdout]).toEqual([0, expect.stringContaining('follows checked')]);
    // SQLite has one write lock and no queue for it: where processes wait for a processor, a write may find it taken.
    if (engine === 'sqlite') expect(failed.filter(({ status }) => status !== 503)).toEqual([]);
    expect(failed.length).toBeLessThanOrEqual(engine === 'sqlite' ? outcomes.length / 50 : 0);
    expect(outcomes.length).toBeGreaterThan(requests.length);
    await expectExactlyDerived(app.dataSource, TENANT);
  });

  test('lists that were right stay right all the time', async () => {
    const searches = [{}, { customer: '王' }, { tags_mode: 'none' }, { status: -1 }, { type: 2 }, { member: 0 }];
    const read = async (search: object) => (await post(LIST, { search, per_page: 50 })).text();
    const before = await Promise.all(searches.map(read));
    // Only what this enterprise's lists do not show is wrong.
    await app.dataSource.query('UPDATE wechat_follow SET remark = ? WHERE crop_id <> 1', ['别的企业']);
    const running = start();
    let looks = 0;
    const differing: object[] = [];
    for (; running.exitCode === null; looks++) {
      const search = searches[looks % searches.length]!;
      if ((await read(search)) !== before[looks % searches.length]) differing.push(search);
    }
    measured(`lists of one enterprise while reindex mends others, on ${engine}`, {
      looks,
      differing: differing.length,
    });
    expect([running.exitCode, differing]).toEqual([0, []]);
    expect(looks).toBeGreaterThan(searches.length);
  });

  test('killed again and again, two at once: the last run leaves all derived', async () => {
    const KILLS = 4;
    await damageAll();
    for (let kill = 0; kill < KILLS; kill++) {
      const running = start();
      await Promise.race([sleep(800 + kill * 700), once(running, 'exit')]);
      running.kill('SIGKILL');
      await ended(running);
    }
    let isRunning = true;
    const saving = saveWhile(() => isRunning);
    const codes = await Promise.all([start(), start()].map(ended));
    isRunning = false;
    const saves = (await saving).length;
    measured(`reindex killed and then twice at once, on ${engine}`, {
      kills: KILLS,
      saves,
      'exit codes': codes.join(' and '),
    });
    expect(codes).toEqual([0, 0]);
    await expectExactlyDerived(app.dataSource, TENANT);
    expect(await runCli(app.databaseUrl, 'reindex')).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringContaining(' 0 derived anew\nfollows'),
    });
  });
});
