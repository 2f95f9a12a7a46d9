import type { Fault, Kind } from '../../../simulator/faults';
import { expectExactlyDerived } from '../../derived-rows';
import { Hub } from '../hub';
import { wechatRows } from '../rows';

const LIST = 'externalcontact/batch/get_by_user';

/** What a call can meet that passes, or does not. */
const FAULTS: [name: string, kind: Kind][] = [
  ['busy', { errcode: -1 }],
  ['too many at once', { errcode: 45033 }],
  ['status 502', { status: 502 }],
  ['not JSON', { status: 200, body: '<html>' }],
  ['a reset', 'reset'],
  ['an answer without its list', 'without list'],
  ['half an answer', 'truncated'],
  ['an answer that breaks off', 'cut'],
];

/** What WeCom says for good of one employee. */
const FINAL: [name: string, errcode: number][] = [
  ['outside the range', 60011],
  ['unknown userid', 60111],
  ['no right to contacts', 84074],
  ['no relation, in the middle of a list', 84061],
];

describe('faults of one employee’s list', () => {
  let hub: Hub;
  let victim: string;

  beforeAll(async () => {
    hub = await Hub.start({ WECOM_TIMEOUT_MS: '1000' }, (corp) => {
      corp.fill(3, { employees: 5, contacts: 300, follows: 400, tags: 5 });
      corp.pageSizes = [20];
    });
    victim = hub.corp.employees[1]!.userid;
    expect((await hub.sync()).state).toBe('ok');
  });

  afterAll(() => hub?.stop());

  afterEach(() => hub.wecom.faults.clear());

  const put = (fault: Omit<Fault, 'path'>, page: number) =>
    hub.wecom.faults.add({ path: LIST, when: { userid_list: victim, page }, ...fault });

  test.each(FAULTS)('%s once, in the middle: the run is ok', async (_, kind) => {
    const fault = put({ kind, times: 1 }, 3);
    expect(await hub.sync()).toMatchObject({ state: 'ok', follows: { seen: 400, lost: 0 }, problems: [] });
    expect(fault.fired).toBe(1);
  });

  test.each(FAULTS)('%s always, from page 1 on: that employee alone is not read, and loses nothing', (_, kind) =>
    expectOneUnread(kind, 1),
  );

  test('an answer without its list always, in the middle: the same', () => expectOneUnread('without list', 3));

  async function expectOneUnread(kind: Kind, page: number): Promise<void> {
    put({ kind, times: 'always' }, page);
    const before = await wechatRows(hub.dataSource, hub.tenant);
    const run = await hub.sync();
    expect(run).toMatchObject({
      state: 'partial',
      employees: { total: 5, done: 4, failed: 1, missing: 0 },
      follows: { lost: 0, would_lose: 0 },
      problems: [{ userid: victim, errcode: expect.any(Number), msg: expect.stringMatching(/^企业微信/) }],
    });
    expect(await wechatRows(hub.dataSource, hub.tenant)).toEqual(before);
  }

  test.each(FINAL)('%s: asked once, partial, nothing lost', async (_, errcode) => {
    const fault = put({ kind: { errcode }, times: 'always' }, 3);
    const run = await hub.sync();
    expect(run).toMatchObject({ state: 'partial', follows: { lost: 0 }, problems: [{ userid: victim, errcode }] });
    expect(fault.fired).toBe(1);
  });

  test('a cursor that WeCom refuses: the list begins again', async () => {
    const fault = put({ kind: { errcode: 50100 }, times: 1 }, 3);
    expect(await hub.sync()).toMatchObject({ state: 'ok', follows: { seen: 400, lost: 0 } });
    expect(fault.fired).toBe(1);
  });

  test('no relation on the first page, but customers in the other list: not read, nothing lost', async () => {
    put({ kind: { errcode: 84061 }, times: 'always' }, 1);
    const run = await hub.sync();
    expect(run).toMatchObject({
      state: 'partial',
      follows: { lost: 0 },
      problems: [{ userid: victim, errcode: 84061 }],
    });
  });

  test('a cursor that is refused again and again: given up', async () => {
    put({ kind: { errcode: 50100 }, times: 'always' }, 3);
    expect(await hub.sync()).toMatchObject({ state: 'partial', employees: { done: 4, failed: 1 } });
  });

  test('an employee whose own data cannot be read: partial, its list is read', async () => {
    hub.wecom.faults.add({ path: 'user/get', when: { userid: victim }, kind: { errcode: 60011 }, times: 'always' });
    expect(await hub.sync()).toMatchObject({
      state: 'partial',
      employees: { done: 5, failed: 0 },
      problems: [{ userid: victim, errcode: 60011 }],
    });
  });

  test('tags that cannot be read: partial, and the tags stay', async () => {
    const before = await wechatRows(hub.dataSource, hub.tenant);
    hub.wecom.faults.add({ path: 'externalcontact/get_corp_tag_list', kind: 'without list', times: 'always' });
    const run = await hub.sync();
    expect(run).toMatchObject({ state: 'partial', error: expect.stringContaining('企业微信'), follows: { seen: 400 } });
    expect(await wechatRows(hub.dataSource, hub.tenant)).toEqual(before);
  });

  test('a token that dies in the middle is fetched once more', async () => {
    hub.wecom.resetCounts();
    put({ kind: { tokenDeath: 40014 }, times: 1 }, 3);
    expect((await hub.sync()).state).toBe('ok');
    expect(hub.wecom.counts().tokens[hub.corp.corpId]).toBe(1);
  });

  test('the frequency limit is waited for', async () => {
    const fault = put({ kind: { errcode: 45009 }, times: 1 }, 2);
    expect((await hub.sync()).state).toBe('ok');
    expect(fault.fired).toBe(1);
  });

  test('the frequency limit for good: the rest is left, partial, nothing lost', async () => {
    hub.wecom.faults.add({ path: LIST, kind: { errcode: 45009 }, afterCalls: 5, times: 'always' });
    const run = await hub.sync();
    expect(run).toMatchObject({ state: 'partial', follows: { lost: 0 }, waiting_until: null });
    expect(run.problems[0]).toMatchObject({ errcode: 45009 });
  });

  test('faults by chance in every API: ok or honestly partial, and nothing lost', async () => {
    const before = await wechatRows(hub.dataSource, hub.tenant);
    for (const [, kind] of FAULTS) hub.wecom.faults.add({ path: '*', kind, chance: 0.05 / FAULTS.length });
    for (let round = 0; round < 3; round++) {
      const { state, employees, follows } = await hub.sync();
      expect(['ok', 'partial', 'failed']).toContain(state);
      if (state === 'ok') expect(employees).toEqual({ total: 5, done: 5, failed: 0, missing: 0 });
      expect(follows).toMatchObject({ new: 0, lost: 0, would_lose: 0 });
    }
    expect(await wechatRows(hub.dataSource, hub.tenant)).toEqual(before);
    await expectExactlyDerived(hub.dataSource, hub.tenant);
  });
});

describe('what befalls the whole corp', () => {
  let hub: Hub;

  beforeEach(async () => {
    hub = await Hub.start({}, (corp) => corp.fill(3, { employees: 3, contacts: 50, follows: 60, tags: 5 }));
    expect((await hub.sync()).state).toBe('ok');
  });

  afterEach(() => hub?.stop());

  test.each([
    ['no permission', 'externalcontact/*', 48002],
    ['an address that is not trusted', '*', 60020],
    ['a follow list that cannot be read', 'externalcontact/get_follow_user_list', 60011],
  ])('%s: failed, with the code, and nothing lost', async (_, path, errcode) => {
    const before = await wechatRows(hub.dataSource);
    hub.wecom.faults.add({ path, kind: { errcode }, times: 'always' });
    const run = await hub.sync();
    expect(run).toMatchObject({
      state: 'failed',
      error: expect.stringContaining(String(errcode)),
      follows: { lost: 0 },
    });
    expect(await wechatRows(hub.dataSource)).toEqual(before);
  });

  test('a wrong secret is asked once, and the run says so', async () => {
    hub.corp.apps[0]!.secret = 'another-one';
    hub.wecom.tokens.revoke(hub.corp.corpId);
    hub.wecom.resetCounts();
    expect(await hub.sync()).toMatchObject({ state: 'failed', error: expect.stringContaining('40001') });
    expect(await hub.sync()).toMatchObject({ state: 'failed', error: expect.stringContaining('40001') });
    expect(hub.wecom.calls.filter(({ path }) => path === 'gettoken')).toHaveLength(1);
  });

  test('an empty follow list: failed, nothing lost', async () => {
    const before = await wechatRows(hub.dataSource);
    for (const { userid } of hub.corp.employees) hub.corp.setFollower(userid, false);
    expect(await hub.sync()).toMatchObject({ state: 'failed', error: '企业微信的客户联系成员列表为空' });
    expect(await wechatRows(hub.dataSource)).toEqual(before);
  });
});
