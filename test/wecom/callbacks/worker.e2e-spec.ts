import { createConnection } from 'mysql2/promise';
import { DataSource } from 'typeorm';
import { Contact } from '../../../src/wechat-customers/entities/contact.entity';
import { Follow } from '../../../src/wechat-customers/entities/follow.entity';
import { eventCounts } from '../../../src/wecom/callbacks/event-counts';
import { WecomEvent } from '../../../src/wecom/callbacks/wecom-event.entity';
import { pruneEvents } from '../../../src/wecom/callbacks/work/prune';
import { TestApp } from '../../app';
import { runCli } from '../../cli';
import { engine } from '../../database';
import { buildEnterprise } from '../../factories';
import { logOf } from '../../log';
import { patience } from '../../machine.cjs';
import { MariadbServer } from '../../mariadb/server';
import { until } from '../../until';
import { KEY } from '../hub';
import { APP_KEYS, Connected, CONTACTS_KEYS } from './connected';

const T = 1_790_000_000;
const GET = 'externalcontact/get';
const TENANT = { uniacid: 2, enterpriseId: 1 };

const fill = async (dataSource: DataSource) => void (await buildEnterprise(dataSource, { id: 1 }));

let lastContact = 0;

/** A contact that zhangsan follows, unlike others. */
function newFollow({ corp }: Connected, fields: object = {}): string {
  const { external_userid } = corp.addContact({ external_userid: `wmWORK${++lastContact}` });
  corp.follow('zhangsan', external_userid, { createtime: T, ...fields });
  return external_userid;
}

const contactEvent = (ChangeType: string, ExternalUserID: string, CreateTime = T, more: object = {}) => ({
  Event: 'change_external_contact',
  ChangeType,
  UserID: 'zhangsan',
  ExternalUserID,
  CreateTime,
  ...more,
});

async function send(connected: Connected, event: object, app = connected.app): Promise<void> {
  const [delivery] = await connected.wecom.send(event as never, connected.receiver({}, app));
  expect(delivery).toMatchObject({ status: 200, body: 'success' });
}

const worked = (connected: Connected) =>
  until(async () => (await connected.events()).every(({ state }) => state !== 'pending'));

const callsOf = ({ wecom }: Connected, path: string) => wecom.counts().calls[path] ?? 0;

describe('workers', () => {
  let connected: Connected;
  let app: TestApp;

  beforeAll(async () => {
    connected = await Connected.start({ demo: false, fill });
    ({ app } = connected);
    connected.corp.addEmployee('zhangsan');
  });

  afterEach(async () => {
    connected.wecom.faults.clear();
    connected.wecom.resetCounts();
    await connected.emptyInbox();
  });

  afterAll(() => connected.stop());

  const follow = (externalUserid: string) => app.row(Follow, { ...TENANT, externalUserid });

  /** An event as a process leaves it behind that dies with it. */
  async function leftBehind(externalUserid: string, overrides: Partial<WecomEvent>): Promise<void> {
    const event = contactEvent('add_external_contact', externalUserid);
    connected.wecom.faults.add({ path: GET, kind: { errcode: -1 }, times: 'always' });
    await send(connected, event);
    await until(async () => (await connected.events()).at(-1)!.tries > 0);
    await app.dataSource.getRepository(WecomEvent).update({ externalUserid }, { nextAt: 0, ...overrides });
    connected.wecom.faults.clear();
  }

  test('an event whose worker is gone is taken over when its lease ends', async () => {
    const contact = newFollow(connected);
    await leftBehind(contact, { lease: 'of-the-dead', leaseUntil: Date.now() + 3_000 });
    await worked(connected);
    expect(await follow(contact)).toMatchObject({ status: 1 });
  });

  test('an event that another worker holds is left alone', async () => {
    const [held, other] = [newFollow(connected), newFollow(connected)];
    await leftBehind(held, { lease: 'of-another', leaseUntil: Date.now() + 3_600_000 });
    await send(connected, contactEvent('add_external_contact', other));
    await until(async () => (await follow(other)) !== null);
    expect(await follow(held)).toBeNull();
  });

  test('two processes share the work: each contact is asked for once', async () => {
    const second = await app.second();
    try {
      const contacts = Array.from({ length: 20 }, () => newFollow(connected));
      await Promise.all(
        contacts.map((contact, n) =>
          send(connected, contactEvent('add_external_contact', contact), n % 2 === 0 ? app : second),
        ),
      );
      await worked(connected);
      for (const contact of contacts) expect(await follow(contact)).toMatchObject({ status: 1 });
      expect(callsOf(connected, GET)).toBe(20);
    } finally {
      await second.stop();
    }
  });

  test('what a process that ends had under way goes on in another one', async () => {
    const second = await app.second();
    const contact = newFollow(connected);
    connected.wecom.faults.add({ path: GET, kind: { errcode: 45033 }, times: 2 }); // the pauses between tries can be cut short
    await send(connected, contactEvent('add_external_contact', contact), second);
    await until(() => callsOf(connected, GET) > 0);
    await second.stop();
    await worked(connected);
    expect(await follow(contact)).toMatchObject({ status: 1 });
  });

  test('an event stored by a process that never worked on it takes effect', async () => {
    const contact = newFollow(connected);
    await app.dataSource.getRepository(WecomEvent).save({
      ...TENANT,
      digest: 'd'.repeat(64),
      change: 'change_external_contact/add_external_contact',
      userid: 'zhangsan',
      externalUserid: contact,
      fields: '{}',
      eventTime: T,
      subject: `contact:${contact}`,
      isAsking: 1,
      state: 'pending',
      pendingSince: Date.now(),
      receivedAt: '2099-01-01 00:00:00',
    });
    await worked(connected);
    expect(await follow(contact)).toMatchObject({ status: 1 });
  });

  test('a write-back while WeCom is asked is not overwritten, but asked for once more', async () => {
    const contact = newFollow(connected, { remark: 'before' });
    await send(connected, contactEvent('add_external_contact', contact));
    await worked(connected);
    connected.wecom.resetCounts();
    connected.wecom.faults.add({ path: GET, kind: { slowMs: 500 } });
    await send(connected, contactEvent('edit_external_contact', contact, T + 1));
    await until(() => callsOf(connected, GET) === 1);
    await app.dataSource
      .getRepository(Follow)
      .update({ externalUserid: contact }, { remark: 'ours', touchedRevision: 1_000_000 });
    connected.corp.relation('zhangsan', contact).follow.remark = 'ours';
    await app.dataSource.query('UPDATE enterprise SET follows_revision = 1000000 WHERE id = 1');
    await worked(connected);
    expect(await follow(contact)).toMatchObject({ remark: 'ours', eventTime: T + 1 });
    expect(callsOf(connected, GET)).toBe(2);
  });

  test('events older than 30 days go, whatever their state', async () => {
    await send(connected, { Event: 'subscribe', CreateTime: T });
    await send(connected, { Event: 'subscribe', CreateTime: T + 1 });
    const [old] = await connected.events();
    const repository = app.dataSource.getRepository(WecomEvent);
    await repository.update({ id: old!.id }, { receivedAt: '2026-01-01 00:00:00' });
    expect(await eventCounts(app.dataSource.manager, TENANT)).toMatchObject({ ignored: 1 });
    await pruneEvents(app.dataSource);
    expect((await connected.events()).map(({ id }) => id)).toEqual([old!.id + 1]);
  });

  test('without credentials a question is set aside; ends take effect', async () => {
    const contact = newFollow(connected);
    await send(connected, contactEvent('add_external_contact', contact));
    await worked(connected);
    await send(connected, contactEvent('del_follow_user', contact, T + 1));
    await worked(connected);
    await leftBehind(newFollow(connected), { lease: 'of-another', leaseUntil: Date.now() + 3_600_000 });
    await app.dataSource.query('DELETE FROM wecom_corp');
    try {
      await app.dataSource.getRepository(WecomEvent).update({ lease: 'of-another' }, { lease: '', leaseUntil: 0 });
      await worked(connected);
      expect((await connected.events()).at(-1)).toMatchObject({ state: 'dead', reason: '企业未配置企业微信' });
    } finally {
      await connected.setCredentials(1);
    }
  });

  describe('events that were set aside', () => {
    test('are counted, printed with the reason, and put back', async () => {
      const contact = newFollow(connected);
      connected.wecom.faults.add({ path: GET, kind: { errcode: 48002 } });
      await send(connected, contactEvent('add_external_contact', contact));
      await send(connected, contactEvent('del_follow_user', 'wmUNKNOWN'));
      const chat = { Event: 'change_external_chat', ChangeType: 'update', CreateTime: T };
      await send(connected, chat);
      await send(connected, chat);
      await worked(connected);
      const [dead, , ignored] = await connected.events();
      expect(await eventCounts(app.dataSource.manager, TENANT)).toEqual({
        pending: 0,
        dead: 1,
        applied: 1,
        ignored: 1,
        duplicate: 1,
        last_at: ignored!.receivedAt,
      });

      const settings = { WECOM_CREDENTIAL_KEY: KEY };
      const line = {
        id: dead!.id,
        change: 'change_external_contact/add_external_contact',
        userid: 'zhangsan',
        external_userid: contact,
        event_time: T,
        reason: '企业微信返回 48002：应用没有客户联系权限',
        received_at: dead!.receivedAt,
      };
      const printed = await runCli(app.databaseUrl, 'wecom events 1', '', settings);
      expect(printed).toEqual({ code: 0, stdout: `${JSON.stringify(line)}\n`, stderr: '' });
      expect((await connected.events())[0]).toMatchObject({ state: 'dead' });

      const replayed = await runCli(app.databaseUrl, 'wecom events 1 --replay', '', settings);
      expect([replayed.code, replayed.stdout]).toEqual([0, `${JSON.stringify(line)}\n`]);
      await until(async () => (await follow(contact)) !== null);
      await worked(connected);
      expect((await runCli(app.databaseUrl, 'wecom events 1', '', settings)).stdout).toBe('');
      expect(await eventCounts(app.dataSource.manager, TENANT)).toMatchObject({ dead: 0, applied: 2 });
    });

    test.each([
      ['an unknown enterprise', '999'],
      ['no number', 'x'],
      ['a stopped enterprise', '77'],
    ])('of %s: one line, exit code 1', async (_what, id) => {
      await buildEnterprise(app.dataSource, { id: 77, status: 0 }).catch(() => undefined);
      const { code, stdout, stderr } = await runCli(app.databaseUrl, `wecom events ${id}`);
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr.trim().split('\n').length).toBe(1);
    });

    test('of an enterprise without events: nothing', async () => {
      expect(await eventCounts(app.dataSource.manager, { uniacid: 2, enterpriseId: 5 })).toEqual({
        pending: 0,
        dead: 0,
        applied: 0,
        ignored: 0,
        duplicate: 0,
        last_at: null,
      });
    });
  });
});

test('an overloaded process takes signed callbacks, and no others', async () => {
  const settings = { MAX_EVENT_LOOP_DELAY_MS: String(patience(100)) };
  const connected = await Connected.start({ demo: false, fill, settings });
  try {
    for (;;) {
      for (const end = performance.now() + patience(300); performance.now() < end;);
      const response = await fetch(`${connected.app.url}/api/user`, { method: 'POST' });
      if (response.status === 503) break;
    }
    expect(await connected.wecom.send({ Event: 'subscribe' }, connected.receiver())).toMatchObject([{ status: 200 }]);
    for (const end = performance.now() + patience(300); performance.now() < end;);
    const plain = await fetch(connected.receiver().url, { method: 'POST' });
    expect([403, 503]).toContain(plain.status);
    expect((await connected.wecom.verify(connected.receiver())).isRight).toBe(true);
  } finally {
    await connected.stop();
  }
});

test('Token, EncodingAESKey and WelcomeCode are in no log and no table', async () => {
  const canaries = [APP_KEYS.token, APP_KEYS.aesKey, CONTACTS_KEYS.token, CONTACTS_KEYS.aesKey, KEY, 'CanaryWelcome'];
  const seen: string[] = [];
  seen.push(
    await logOf(async () => {
      const connected = await Connected.start({ demo: false, fill, settings: { LOG_LEVEL: 'trace' } });
      connected.corp.addEmployee('zhangsan');
      const welcome = { WelcomeCode: 'CanaryWelcome' };
      await send(connected, contactEvent('add_external_contact', newFollow(connected), T, welcome));
      await worked(connected);
      connected.wecom.faults.add({ path: GET, kind: { errcode: 48002 } });
      await send(connected, contactEvent('add_half_external_contact', newFollow(connected), T, welcome));
      await worked(connected);
      const stranger = connected.receiver({ token: 'Other2026' });
      await connected.wecom.send({ Event: 'x', ...welcome }, stranger, { retries: 0 });
      const { dataSource } = connected.app;
      await dataSource.query('DROP TABLE wecom_event');
      await connected.wecom.send({ Event: 'x', ...welcome }, connected.receiver(), { retries: 0 });
      for (const { tableName } of dataSource.entityMetadatas) {
        if (tableName !== 'wecom_event')
          seen.push(JSON.stringify(await dataSource.query(`SELECT * FROM ${tableName}`)));
      }
      await connected.stop();
    }),
  );
  expect(seen.join()).toContain('receive/:business_id');
  for (const canary of canaries) expect(seen.join().includes(canary)).toBe(false);
});

describe('while the database is away', () => {
  test('503, so that WeCom may send again, and success when it is back', async () => {
    const server = engine === 'mariadb' ? await MariadbServer.start() : undefined;
    let database: { url: string; drop: () => Promise<void> } | undefined;
    if (server) {
      const connection = await createConnection({ uri: server.url });
      await connection.query('CREATE DATABASE away CHARACTER SET utf8mb4 COLLATE utf8mb4_bin');
      await connection.end();
      database = { url: `${server.url}away`, drop: () => Promise.resolve() };
    }
    const connected = await Connected.start({ demo: false, fill, database });
    try {
      const limit = (pages: number) => connected.app.dataSource.query(`PRAGMA max_page_count = ${pages}`);
      if (server) await server.stop();
      else await limit(1);
      const large = { Event: 'subscribe', CreateTime: T };
      // SQLite is full only when it has to grow.
      const sends = Array.from({ length: server ? 1 : 300 }, (_, n) => ({ ...large, CreateTime: T + n }));
      const deliveries = await connected.wecom.sendAll(sends, connected.receiver(), { retries: 0 });
      const failed = deliveries.filter(({ status }) => status !== 200);
      expect(failed.length).toBeGreaterThan(0);
      for (const { status, body } of failed) expect([status, body]).toEqual([503, 'refused']);
      if (server) return;
      await limit(1e9);
      await send(connected, { ...large, CreateTime: T + 1000 });
    } finally {
      await connected.stop();
      await server?.stop();
    }
  });
});

test('two enterprises with equal ids are apart', async () => {
  const fillTwo = async (dataSource: DataSource) => {
    await buildEnterprise(dataSource, { id: 1 });
    await buildEnterprise(dataSource, { id: 2, uniacid: 3 });
  };
  const connected = await Connected.start({ demo: false, fill: fillTwo });
  try {
    connected.corp.addEmployee('zhangsan');
    await connected.setCredentials(2);
    const contact = newFollow(connected);
    const url = `${connected.app.url}/business/3/plugin/WechatCustomers/receive/2`;
    await send(connected, contactEvent('add_external_contact', contact));
    await connected.wecom.send(contactEvent('add_external_contact', contact), connected.receiver({ url }));
    await worked(connected);
    await connected.wecom.send(contactEvent('del_follow_user', contact, T + 1), connected.receiver({ url }));
    await worked(connected);
    const follows = await connected.app.dataSource.getRepository(Follow).find({ order: { enterpriseId: 'ASC' } });
    expect(follows.map(({ uniacid, enterpriseId, status }) => [uniacid, enterpriseId, status])).toEqual([
      [2, 1, 1],
      [3, 2, -1],
    ]);
    expect(await connected.app.dataSource.getRepository(Contact).count()).toBe(2);
  } finally {
    await connected.stop();
  }
});
