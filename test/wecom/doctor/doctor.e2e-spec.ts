import { randomUUID } from 'node:crypto';
import { operator } from '../../../src/audit/operator';
import { sha256 } from '../../../src/base/secrets';
import { wallClock } from '../../../src/base/time';
import { readEnv } from '../../../src/config/env';
import { insertRows } from '../../../src/database/insert';
import { changeEnterprise } from '../../../src/enterprise/enterprises';
import { Employee } from '../../../src/wechat-customers/entities/employee.entity';
import { Follow } from '../../../src/wechat-customers/entities/follow.entity';
import { WecomEvent } from '../../../src/wecom/callbacks/wecom-event.entity';
import { WecomToken } from '../../../src/wecom/client/token.entity';
import { Cipher } from '../../../src/wecom/corps/cipher';
import { WecomCorp } from '../../../src/wecom/corps/corp.entity';
import { setContactsCredentials, setCredentials } from '../../../src/wecom/corps/credentials';
import { examine, MAX_CALLS } from '../../../src/wecom/doctor/doctor';
import { toLine } from '../../../src/wecom/doctor/finding';
import { Simulator, startSimulator } from '../../../simulator';
import type { Corp } from '../../../simulator/world';
import { TestApp } from '../../app';
import { runCli } from '../../cli';
import { buildEmployee, buildEnterprise, buildFollow } from '../../factories';
import { freePort } from '../../mariadb/server';

const KEY = '0123456789abcdef'.repeat(4);
const TENANT = { uniacid: 2, enterpriseId: 81 };
const CORP_ID = 'wwdoctor';
const PATH = '/business/2/plugin/WechatCustomers/receive/81';

/** Each is looked for in every output. */
const SECRET = 'planted-secret-of-the-app';
const APP_KEYS = { token: 'PlantedToken1', aesKey: 'PlantedAesKey1'.padEnd(43, 'x') };
const ASSISTANT_KEYS = { token: 'PlantedToken2', aesKey: 'PlantedAesKey2'.padEnd(43, 'x') };

const ALL = [
  'connection',
  'secret',
  'address',
  'permission',
  'visible',
  'contacts',
  'callbacks',
  'assistant',
  'events',
];

/** The English names, by which a test finds a line. */
const NAMES = [
  ...['connection', 'corp id and secret', 'trusted address', 'permission', 'visible range', '客户联系 range'],
  ...['callbacks of the app', 'callbacks of the contacts-sync assistant', 'events set aside'],
];

type Run = (settings?: Record<string, string>) => Promise<{ code: number | null; stdout: string; stderr: string }>;

describe('wecom doctor', () => {
  let app: TestApp;
  let wecom: Simulator;
  let corp: Corp;
  let output = '';

  beforeAll(async () => {
    app = await TestApp.start({ demo: false, settings: { WECOM_CREDENTIAL_KEY: KEY } });
    for (const [id, uniacid] of [
      [81, 2],
      [82, 3],
    ]) {
      await buildEnterprise(app.dataSource, { id, uniacid });
    }
    wecom = await startSimulator();
  });

  beforeEach(async () => {
    corp = wecom.world.addCorp(CORP_ID, { secret: SECRET });
    for (const userid of ['zhangsan', 'lisi']) corp.addEmployee(userid);
    corp.addContact({ external_userid: 'wmSIM0001' });
    corp.follow('lisi', 'wmSIM0001');
    await setCorp();
    await setContactsCredentials(
      app.dataSource,
      new Cipher({ WECOM_CREDENTIAL_KEY: KEY }),
      81,
      ASSISTANT_KEYS,
      operator(),
    );
    wecom.resetCounts();
  });

  afterEach(async () => {
    wecom.faults.clear();
    for (const entity of [WecomCorp, WecomToken, WecomEvent, Employee, Follow]) {
      await app.dataSource.getRepository(entity).clear();
    }
  });

  afterAll(async () => {
    await app.stop();
    await wecom.stop();
    expect(output).not.toMatch(/planted/i);
    expect(output).not.toMatch(/[\w-]{100}/); // a token has 214 letters
  });

  const setCorp = (given: { corpId?: string; secret?: string; callbacks?: typeof APP_KEYS | null } = {}) => {
    const credentials = { corpId: CORP_ID, agentId: null, secret: SECRET, callbacks: APP_KEYS, ...given };
    return setCredentials(app.dataSource, new Cipher({ WECOM_CREDENTIAL_KEY: KEY }), 81, credentials, operator());
  };

  const settingsWith = (settings: Record<string, string>) => ({
    WECOM_API_BASE: wecom.url,
    WECOM_CREDENTIAL_KEY: KEY,
    ...settings,
  });

  /** Runs the command as a process. */
  async function run(settings: Record<string, string> = {}, command = 'wecom doctor 81') {
    const { code, stdout, stderr } = await runCli(app.databaseUrl, command, '', settingsWith(settings));
    output += stdout + stderr;
    return { code, stdout, stderr };
  }

  /** Does what the command does in this process, much faster. */
  async function runHere(settings: Record<string, string> = {}) {
    let [code, stdout, stderr] = [0, '', ''];
    const tell = (line: string) => void (stderr += `${line}\n`);
    for await (const finding of examine(app.dataSource, readEnv(settingsWith(settings)), 81, tell)) {
      stdout += `${toLine(finding)}\n`;
      if (finding.state === 'wrong') code = 1;
    }
    output += stdout + stderr;
    return { code, stdout, stderr };
  }

  /** @returns the states and lines by check */
  async function examined(settings?: Record<string, string>, how: Run = runHere) {
    const { code, stdout, stderr } = await how(settings);
    const lines = stdout.trimEnd().split('\n');
    // Every line has both languages, and every check has its line.
    expect(lines).toEqual(
      NAMES.map((name) => expect.stringMatching(new RegExp(`^(ok|wrong|note|skipped) +.+：.+ / ${name}: .+`))),
    );
    const states = Object.fromEntries(lines.map((line, index) => [ALL[index], line.split(' ')[0]]));
    const line = (check: string) => lines[ALL.indexOf(check)]!;
    const wrong = ALL.filter((check) => states[check] === 'wrong');
    expect(code).toBe(wrong.length === 0 ? 0 : 1);
    return { states, line, wrong, stderr };
  }

  const event = (change: string, more: Partial<WecomEvent> = {}) =>
    insertRows(app.dataSource.manager, WecomEvent, {
      ...TENANT,
      digest: sha256(randomUUID()),
      change,
      fields: '{}',
      eventTime: 1_790_000_000,
      state: 'applied',
      receivedAt: wallClock(),
      ...more,
    });

  const known = async (userid: string, more: Partial<Employee & Follow> = {}) => {
    const { status, ...employee } = more;
    const row = await buildEmployee(app.dataSource, { ...TENANT, userid, ...employee });
    const { uniacid, enterpriseId } = row;
    await buildFollow(app.dataSource, {
      uniacid,
      enterpriseId,
      employee: row,
      ...(status !== undefined && { status }),
    });
  };

  test('finds all well, with few calls', async () => {
    await event('change_external_contact/edit_external_contact', { receivedAt: '2026-11-26 10:00:00' });
    await event('change_contact/update_user', { receivedAt: '2026-11-26 11:00:00', state: 'ignored' });
    await known('zhangsan');
    const { states, line, stderr } = await examined({}, run);
    expect(states).toEqual(Object.fromEntries(ALL.map((check) => [check, 'ok'])));
    expect(stderr).toBe('');
    expect(line('callbacks')).toContain('last heard at 2026-11-26 10:00:00');
    expect(line('assistant')).toContain('last heard at 2026-11-26 11:00:00');
    expect(line('contacts')).toContain('has 2 employees');
    expect(wecom.counts().tokens).toEqual({ [CORP_ID]: 2 });
    expect(wecom.calls.filter(({ path }) => path !== 'gettoken')).toHaveLength(5);
  });

  test.each<[what: string, given: Parameters<typeof setCorp>[0], code: string, where: RegExp]>([
    ['secret', { secret: 'planted-other' }, '40001', /应用管理 → 自建.* \/ .*wecom credential set/],
    ['corp id', { corpId: 'wwother' }, '40013', /我的企业 → 企业信息.* \/ .*wecom credential set/],
  ])('finds a wrong %s, and asks for it once in five minutes', async (_what, given, code, where) => {
    await setCorp(given);
    for (let i = 0; i < 2; i++) {
      const { states, line, wrong } = await examined({}, run);
      expect(wrong).toEqual(['secret']);
      expect(line('secret')).toContain(code);
      expect(line('secret')).toMatch(where);
      expect(states).toMatchObject({ connection: 'ok', address: 'skipped', permission: 'skipped', visible: 'skipped' });
      expect(states).toMatchObject({ contacts: 'skipped', events: 'ok' });
    }
    expect(wecom.calls).toHaveLength(1);
  });

  test('finds a secret that was reset, though a token of the old one is kept', async () => {
    expect((await examined()).wrong).toEqual([]);
    corp.apps[0]!.secret = 'planted-new';
    expect((await examined()).wrong).toEqual(['secret']);
  });

  test('finds an address that is not trusted, and says which WeCom saw', async () => {
    corp.apps[0]!.trustedAddresses = ['203.0.113.9'];
    const { states, line, wrong } = await examined();
    expect(wrong).toEqual(['address']);
    expect(line('address')).toMatch(/60020.*127\.0\.0\.1.*企业可信IP.*WECOM_PROXY_URL.* \/ .*127\.0\.0\.1/);
    expect(states).toMatchObject({ connection: 'ok', secret: 'ok', permission: 'skipped', contacts: 'skipped' });
    corp.apps[0]!.trustedAddresses = ['127.0.0.1'];
    expect((await examined()).wrong).toEqual([]);
  });

  test.each(['externalcontact/', 'externalcontact/get_corp_tag_list', 'externalcontact/batch/get_by_user'])(
    'finds that the app may not call %s',
    async (path) => {
      corp.apps[0]!.forbidden = [path];
      const { states, line, wrong } = await examined();
      expect(wrong).toEqual(['permission']);
      expect(line('permission')).toMatch(new RegExp(`48002.*${path}.*可调用接口的应用`));
      expect(states).toMatchObject({ secret: 'ok', address: 'ok', visible: 'skipped' });
    },
  );

  test('finds the secret of the contacts-sync assistant', async () => {
    corp.apps[0]!.kind = 'contacts-sync';
    const { line, wrong } = await examined();
    expect(wrong).toEqual(['permission']);
    expect(line('permission')).toContain('48002');
  });

  test('finds a code that is not known here', async () => {
    wecom.faults.add({ path: 'externalcontact/get_follow_user_list', kind: { errcode: 99_999 } });
    const { line, wrong } = await examined();
    expect(wrong).toEqual(['permission']);
    expect(line('permission')).toMatch(/企业微信返回 99999.* \/ .*not known here/);
  });

  test('finds that WeCom is not reached, directly and through a proxy', async () => {
    const closed = `127.0.0.1:${await freePort()}`;
    const direct = await examined({ WECOM_API_BASE: `http://${closed}` }, run);
    expect(direct.wrong).toEqual(['connection']);
    expect(direct.line('connection')).toMatch(new RegExp(`http://${closed}.*ECONNREFUSED.*WECOM_PROXY_URL`));
    expect(direct.states).toMatchObject({ secret: 'skipped', callbacks: 'note' });
    expect(direct.stderr).toBe('gettoken: ECONNREFUSED\n'.repeat(3));
    const proxied = await examined({ WECOM_PROXY_URL: `http://planted:planted@${closed}` });
    expect(proxied.wrong).toEqual(['connection']);
    expect(proxied.line('connection')).toContain(closed);
  });

  test('tries a passing fault again, and names one that lasts', async () => {
    const path = 'externalcontact/get_corp_tag_list';
    wecom.faults.add({ path, kind: { status: 502 }, times: 2 });
    expect(await examined()).toMatchObject({ wrong: [], stderr: `${path}: status 502\n`.repeat(2) });
    wecom.faults.add({ path, kind: { errcode: -1 }, times: 'always' });
    const { line, wrong, stderr } = await examined();
    expect(wrong).toEqual(['connection']);
    expect(line('connection')).toMatch(new RegExp(`-1.*${path}`));
    expect(stderr).toMatch(new RegExp(`^(${path}: errcode -1, hint \\d+\n){3}$`));
  });

  test('says on standard error that it waits for the frequency limit', async () => {
    wecom.faults.add({ path: 'user/get', kind: { errcode: 45009 } });
    const { wrong, stderr } = await examined({ WECOM_LIMIT_PAUSE_SECONDS: '1' }, run);
    expect(wrong).toEqual([]);
    expect(stderr).toMatch(/^user\/get: errcode 45009, hint \d+\nwaiting for the end of the frequency limit\n$/);
  });

  test('finds employees that the app does not see', async () => {
    await known('wangwu'); // not in the corp
    corp.addEmployee('zhaoliu');
    corp.apps[0]!.visibleRange = ['zhangsan', 'lisi'];
    await known('zhaoliu');
    wecom.faults.add({ path: 'user/get', when: { userid: 'lisi' }, kind: { errcode: 60011 } });
    const { line, wrong } = await examined();
    expect(wrong).toEqual(['visible']);
    expect(line('visible')).toMatch(/lisi（.*60011.*）、wangwu（.*60111.*）、zhaoliu（.*60111.*）.*可见范围/);
    expect(line('visible')).toContain('lisi (60011), wangwu (60111), zhaoliu (60111)');
  });

  test.each([60111, 84074])('finds an employee whose customers it may not read (%s)', async (errcode) => {
    wecom.faults.add({ path: 'externalcontact/batch/get_by_user', kind: { errcode } });
    const { line, wrong } = await examined();
    expect(wrong).toEqual(['visible']);
    expect(line('visible')).toContain(`zhangsan (${errcode})`);
  });

  test('finds employees with customers who lost the right to 客户联系, and asks for ten at most', async () => {
    for (let i = 10; i < 22; i++) {
      corp.addEmployee(`employee${i}`, { isFollower: false });
      await known(`employee${i}`);
    }
    const { line, wrong } = await examined();
    expect(wrong).toEqual(['contacts']);
    expect(line('contacts')).toMatch(/employee10、.*employee19；另有 2 人.*使用范围/);
    expect(line('contacts')).not.toContain('employee20');
    expect(wecom.calls.filter(({ path }) => path === 'user/get')).toHaveLength(12);
  });

  test('makes a bounded number of calls', async () => {
    for (let i = 10; i < 30; i++) corp.addEmployee(`employee${i}`);
    for (let i = 10; i < 30; i++) await known(`gone${i}`);
    await examined();
    expect(wecom.calls).toHaveLength(MAX_CALLS);
  });

  test('passes over employees without live follows, deleted ones, and those of other enterprises', async () => {
    await known('lost', { status: -1 });
    await known('left', { deletedAt: '2026-11-01 00:00:00' });
    await known('other', { uniacid: 3, enterpriseId: 82 });
    await buildEmployee(app.dataSource, { ...TENANT, userid: 'new' });
    expect((await examined()).wrong).toEqual([]);
  });

  test('finds an empty follow list', async () => {
    for (const userid of ['zhangsan', 'lisi']) corp.setFollower(userid, false);
    const { line, wrong } = await examined();
    expect(wrong).toEqual(['contacts']);
    expect(line('contacts')).toMatch(/成员列表为空.*使用范围.*可见范围/);
  });

  test('says what to enter where for callbacks that are not set, or not heard', async () => {
    const heard = await examined();
    expect(heard.wrong).toEqual([]);
    expect(heard.states).toMatchObject({ callbacks: 'note', assistant: 'note' });
    expect(heard.line('callbacks')).toMatch(/30 天内没有收到事件.*外部联系人变更回调/);
    await event('change_external_tag/create', { uniacid: 3, enterpriseId: 82 });
    await event('change_external_tag/create', { enterpriseId: 82 });
    await event('change_contact/delete_user');
    expect((await examined()).states).toMatchObject({ callbacks: 'note', assistant: 'ok' });
    await setCorp({ callbacks: null, corpId: 'wwnone' });
    await setCorp({ callbacks: null });
    const unset = await examined({ PUBLIC_URL: 'https://crm.example.com' });
    expect(unset.wrong).toEqual([]);
    for (const check of ['callbacks', 'assistant']) {
      expect(unset.states[check]).toBe('note');
      expect(unset.line(check)).toMatch(new RegExp(`https://crm.example.com${PATH}.* / .*${PATH}`));
    }
  });

  test('tells the app from the contacts-sync assistant in what WeCom posts', async () => {
    const to = { url: app.url + PATH, corpId: CORP_ID };
    await wecom.send({ Event: 'change_external_chat', ChangeType: 'create', ChatId: 'wr1' }, { ...to, ...APP_KEYS });
    expect((await examined()).states).toMatchObject({ callbacks: 'ok', assistant: 'note' });
    const created = { Event: 'change_contact', ChangeType: 'create_user', UserID: 'wangwu', Department: '1' };
    await wecom.send(created, { ...to, ...ASSISTANT_KEYS });
    expect((await examined()).states).toMatchObject({ callbacks: 'ok', assistant: 'ok' });
  });

  test('finds events that were set aside', async () => {
    await event('change_external_tag/create', { state: 'dead' });
    await event('change_external_tag/create', { state: 'dead', uniacid: 3, enterpriseId: 82 });
    const { line, wrong } = await examined();
    expect(wrong).toEqual(['events']);
    expect(line('events')).toMatch(/1 个：用 wecom events 81.*--replay.* \/ events set aside: 1:/);
  });

  test('ends with one line, and no call, where it cannot begin', async () => {
    const refusals: [string, Record<string, string>, string][] = [
      ['wecom doctor 999', {}, 'there is no enterprise 999'],
      ['wecom doctor 82', {}, 'enterprise 82 has no credentials'],
      ['wecom doctor 81', { WECOM_CREDENTIAL_KEY: '' }, 'WECOM_CREDENTIAL_KEY is needed'],
      ['wecom doctor 81', { WECOM_CREDENTIAL_KEY: 'f'.repeat(64) }, 'WECOM_CREDENTIAL_KEY is not the key'],
    ];
    for (const [command, settings, reason] of refusals) {
      const { code, stdout, stderr } = await run(settings, command);
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(/^customer-hub: [^\n]+\n$/);
      expect(stderr).toContain(reason);
    }
    await changeEnterprise(app.dataSource, 81, { running: false }, operator());
    expect(await run()).toEqual({ code: 1, stdout: '', stderr: 'customer-hub: enterprise 81 is stopped\n' });
    await changeEnterprise(app.dataSource, 81, { running: true }, operator());
    expect(wecom.calls).toEqual([]);
  });
});
