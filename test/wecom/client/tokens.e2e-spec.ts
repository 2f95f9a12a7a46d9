import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { operator } from '../../../src/audit/operator';
import { readEnv } from '../../../src/config/env';
import { WecomToken } from '../../../src/wecom/client/token.entity';
import { Cipher } from '../../../src/wecom/corps/cipher';
import { setCredentials } from '../../../src/wecom/corps/credentials';
import { buildEnterprise } from '../../factories';
import { KEY, Wecom } from './wecom';

const DIST = resolve(__dirname, '../../../dist/src');

/** Calls WeCom five times at once, in a process of its own. */
const PROCESS = `
  const { WecomClient } = require('${DIST}/wecom/client/wecom-client');
  const { readEnv } = require('${DIST}/config/env');
  const { inDatabase } = require('${DIST}/start/in-database');
  const corp = JSON.parse(process.env.CORP);
  void inDatabase(async (database) => {
    const client = new WecomClient(readEnv(process.env), database, console.error);
    const calls = [1, 2, 3, 4, 5].map(() => client.for(corp).followers());
    console.log((await Promise.all(calls)).length);
    await client.close();
  });
`;

describe('access tokens', () => {
  let wecom: Wecom;

  beforeAll(async () => (wecom = await Wecom.start()));
  beforeEach(() => wecom.reset());
  afterAll(() => wecom.stop());

  const row = () => wecom.app.dataSource.getRepository(WecomToken).findOneByOrFail({});
  const change = (columns: Partial<WecomToken>) => wecom.app.dataSource.getRepository(WecomToken).updateAll(columns);
  const followers = (client = wecom.client()) => client.for(wecom.corp).followers();

  test('20 parallel callers without one fetch one; one that dies in the middle makes one more', async () => {
    wecom.simulator.latencyMs = 20;
    const client = wecom.client();
    const api = client.for(wecom.corp);
    const calls = () => Promise.all(Array.from({ length: 20 }, () => api.tagGroups()));
    await calls();
    expect(wecom.fetched).toBe(1);
    wecom.simulator.faults.add({ path: 'externalcontact/*', kind: { tokenDeath: 40014 }, afterCalls: 7 });
    await calls();
    expect(wecom.fetched).toBe(2);
    await calls();
    expect(wecom.fetched).toBe(2);
    wecom.simulator.latencyMs = 0;
  });

  test('clients with memories of their own share one by the row', async () => {
    const other = await wecom.app.second();
    const clients = [1, 2, 3].map((n) => wecom.client({}, n === 3 ? other.dataSource : undefined));
    wecom.simulator.latencyMs = 20;
    await Promise.all(clients.flatMap((client) => [followers(client), followers(client), followers(client)]));
    expect(wecom.fetched).toBe(1);
    wecom.simulator.tokens.expireNow(wecom.corp.corpId);
    await Promise.all(clients.flatMap((client) => [followers(client), followers(client), followers(client)]));
    expect(wecom.fetched).toBe(2);
    wecom.simulator.latencyMs = 0;
    await other.stop();
  });

  test('processes share one', async () => {
    wecom.simulator.latencyMs = 20;
    const env = {
      PATH: process.env.PATH,
      DATABASE_URL: wecom.app.databaseUrl,
      WECOM_API_BASE: wecom.simulator.url,
      WECOM_CREDENTIAL_KEY: KEY,
      CORP: JSON.stringify(wecom.corp),
      WECOM_CONCURRENCY: '1', // four processes with more would be too many at once for WeCom
    };
    const run = () => promisify(execFile)(process.execPath, ['-e', PROCESS], { env });
    const outputs = await Promise.all([run(), run(), run(), run()]);
    expect(outputs).toEqual(Array.from({ length: 4 }, () => ({ stdout: '5\n', stderr: '' })));
    expect(wecom.fetched).toBe(1);
    expect(wecom.codesOf('externalcontact/get_follow_user_list')).toEqual(Array(20).fill(0));
    wecom.simulator.latencyMs = 0;
  });

  test('lie encrypted in the row, and are read from there by the next process', async () => {
    await followers();
    const { token, pair, leaseOwner } = await row();
    const opened = new Cipher(readEnv({ WECOM_CREDENTIAL_KEY: KEY })).open(token, `wecom_token.token of ${pair}`);
    expect(wecom.simulator.tokens.ownerOf(opened)?.corp.corpId).toBe(wecom.corp.corpId);
    expect([JSON.stringify(await row()).includes(opened), leaseOwner]).toEqual([false, '']);
    await followers();
    expect(wecom.fetched).toBe(1);
  });

  test.each([
    [7200, 300],
    [600, 60],
    [20, 2],
  ])('of %d s are used until %d s before their end', async (ttlSeconds, margin) => {
    wecom.simulator.tokens.ttlSeconds = ttlSeconds;
    const before = Date.now();
    await followers();
    const { useUntil } = await row();
    expect(useUntil).toBeGreaterThanOrEqual(before + (ttlSeconds - margin) * 1000);
    expect(useUntil).toBeLessThanOrEqual(Date.now() + (ttlSeconds - margin) * 1000);
    wecom.simulator.tokens.ttlSeconds = 7200;
  });

  test('past that time are fetched again, once, by memory and by row', async () => {
    const client = wecom.client();
    wecom.simulator.tokens.newEachTime = true;
    wecom.simulator.tokens.ttlSeconds = 1;
    await followers(client);
    wecom.simulator.tokens.ttlSeconds = 7200;
    await new Promise((done) => setTimeout(done, 950));
    await Promise.all([followers(client), followers(client), followers()]);
    expect(wecom.fetched).toBe(2);
    await change({ useUntil: Date.now() - 1 });
    await followers();
    expect(wecom.fetched).toBe(3);
    wecom.simulator.tokens.newEachTime = false;
  });

  test('of a process that was killed while it fetched are fetched by the next once the lease has run out', async () => {
    await followers();
    const leaseUntil = Date.now() + 600;
    await change({ token: '', useUntil: 0, leaseOwner: 'killed', leaseUntil });
    await followers();
    expect(Date.now()).toBeGreaterThanOrEqual(leaseUntil);
    expect(wecom.fetched).toBe(2);
  });

  test('a damaged row is replaced', async () => {
    await followers();
    await change({ token: Buffer.from('damaged '.repeat(9)).toString('base64') });
    await followers();
    expect(wecom.fetched).toBe(2);
  });

  test.each([40014, 42001, 40001])('refused with %d, a call is repeated once with a fresh one', async (errcode) => {
    const client = wecom.client();
    await followers(client);
    const path = 'externalcontact/get_follow_user_list';
    wecom.simulator.faults.add({ path, kind: { errcode } });
    await expect(followers(client)).resolves.toHaveLength(4);
    expect(wecom.codesOf(path)).toEqual([0, errcode, 0]);
    expect(wecom.fetched).toBe(2);
    wecom.simulator.faults.add({ path, kind: { errcode }, times: 'always' });
    await expect(followers(client)).rejects.toMatchObject({ errcode, path });
    expect(wecom.codesOf(path)).toEqual([0, errcode, 0, errcode, errcode]);
    expect(wecom.fetched).toBe(3);
  });

  test.each([
    [40001, { secret: 'wrong' }],
    [40013, { corpId: 'ww-unknown' }],
  ])('refused for good with %d is asked once, by all processes', async (errcode, wrong) => {
    const corp = { ...wecom.corp, ...wrong };
    const client = wecom.client();
    const calls = Array.from({ length: 5 }, () => client.for(corp).tagGroups());
    for (const result of await Promise.allSettled(calls)) {
      expect(result).toMatchObject({ status: 'rejected', reason: { errcode, path: 'gettoken' } });
    }
    for (const again of [client, wecom.client()]) {
      await expect(again.for(corp).followers()).rejects.toMatchObject({ errcode, path: 'gettoken' });
    }
    expect(wecom.codesOf('gettoken')).toEqual([errcode]);
    await expect(followers(client)).resolves.toHaveLength(4);
  });

  test('a refusal is over after five minutes, or with `credential set`', async () => {
    const { dataSource } = wecom.app;
    const corp = { ...wecom.corp, secret: 'reset-in-the-console' };
    const client = wecom.client();
    const call = () => client.for(corp).followers();
    const before = Date.now();
    await expect(call()).rejects.toMatchObject({ errcode: 40001 });
    const { refusedUntil } = await row();
    expect(refusedUntil).toBeGreaterThanOrEqual(before + 300_000);
    expect(refusedUntil).toBeLessThanOrEqual(Date.now() + 300_000);
    await change({ refusedUntil: Date.now() - 1 });
    await expect(call()).rejects.toMatchObject({ errcode: 40001 });
    expect(wecom.codesOf('gettoken')).toEqual([40001, 40001]);

    wecom.simulator.world.corp().apps[0]!.secret = corp.secret;
    await expect(call()).rejects.toMatchObject({ errcode: 40001 });
    await buildEnterprise(dataSource, { id: 1, uniacid: 2 });
    const cipher = new Cipher(readEnv({ WECOM_CREDENTIAL_KEY: KEY }));
    await setCredentials(dataSource, cipher, 1, { ...corp, callbacks: null }, operator());
    await expect(call()).resolves.toHaveLength(4);
    expect(wecom.codesOf('gettoken')).toEqual([40001, 40001, 0]);
    wecom.simulator.world.corp().apps[0]!.secret = wecom.corp.secret;
  });

  test('a fault of gettoken that passes is tried three times', async () => {
    wecom.simulator.faults.add({ path: 'gettoken', kind: { errcode: -1 }, times: 2 });
    await expect(followers()).resolves.toHaveLength(4);
    expect(wecom.codesOf('gettoken')).toEqual([-1, -1, 0]);
    await wecom.reset();
    wecom.simulator.faults.add({ path: 'gettoken', kind: { status: 502 }, times: 3 });
    const client = wecom.client();
    const results = await Promise.allSettled([followers(client), followers(client)]);
    const reason = { errcode: 0, path: 'gettoken', reason: 'status 502' };
    expect(results).toMatchObject([
      { status: 'rejected', reason },
      { status: 'rejected', reason },
    ]);
    expect(wecom.codesOf('gettoken')).toHaveLength(3);
    expect(await row()).toMatchObject({ leaseOwner: '', leaseUntil: 0, refusedCode: 0 });
    await expect(followers(client)).resolves.toHaveLength(4);
  });

  test('of two secrets of a corp are two, and of two enterprises of one app the same', async () => {
    const second = wecom.simulator.world.corp().addApp({ secret: 'second-app' });
    const client = wecom.client();
    await client.for(wecom.corp).followers();
    await client.for({ ...wecom.corp, enterpriseId: 9, uniacid: 8 }).followers();
    expect(wecom.fetched).toBe(1);
    await client.for({ ...wecom.corp, secret: second.secret }).followers();
    expect(wecom.fetched).toBe(2);
    expect(await wecom.app.dataSource.getRepository(WecomToken).count()).toBe(2);
  });
});
