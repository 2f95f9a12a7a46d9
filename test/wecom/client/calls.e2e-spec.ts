import { WecomUnavailable } from '../../../src/wecom/client/errors';
import type { Kind } from '../../../simulator/faults';
import { patience } from '../../machine.cjs';
import { until } from '../../until';
import { Wecom } from './wecom';

const LIST = 'externalcontact/get_follow_user_list';

describe('calls of WeCom', () => {
  let wecom: Wecom;

  beforeAll(async () => (wecom = await Wecom.start()));
  beforeEach(() => wecom.reset());
  afterAll(() => wecom.stop());

  const corp = () => wecom.simulator.world.corp();
  const api = (settings?: Record<string, string>) => wecom.client(settings).for(wecom.corp);

  /** Failures that pass, and what is said when they last. */
  const PASSING: [what: string, kind: Kind, said: object][] = [
    ['the system is busy', { errcode: -1 }, { errcode: -1 }],
    ['a data version conflict', { errcode: 6000 }, { errcode: 6000 }],
    ['too many at once', { errcode: 45033 }, { errcode: 45033 }],
    ['a write conflict', { errcode: 45035 }, { errcode: 45035 }],
    ['a connection reset', 'reset', { errcode: 0 }],
    ['an answer that breaks off', 'cut', { errcode: 0 }],
    ['an answer that never comes', 'hang', { errcode: 0, reason: 'timeout' }],
    ['an answer in drops', { slowMs: 60_000 }, { errcode: 0, reason: 'timeout' }],
    ['a bad gateway', { status: 502 }, { errcode: 0, reason: 'status 502' }],
    ['no such page', { status: 404, body: '' }, { errcode: 0, reason: 'status 404' }],
    ['a page that forbids', { status: 403, body: '{"errcode":0,"follow_user":[]}' }, { reason: 'status 403' }],
    ['a code of another type', { status: 200, body: '{"errcode":null,"follow_user":[]}' }, { reason: 'no errcode' }],
    ['no JSON', { status: 200, body: '<html>' }, { errcode: 0, reason: 'not JSON' }],
    ['half of the JSON', 'truncated', { errcode: 0, reason: 'not JSON' }],
    ['no list', 'without list', { errcode: 0, reason: 'incomplete' }],
  ];

  test('three tries of what passes by itself', async () => {
    const client = wecom.client({ WECOM_TIMEOUT_MS: String(patience(1500)) });
    const each = PASSING.map(async ([what, kind, said], n) => {
      const { corpId } = wecom.simulator.world.seeded({
        corpId: `ww${n}`,
        employees: 2,
        contacts: 3,
        follows: 3,
        tags: 1,
      });
      const calls = client.for({ ...wecom.corp, corpId });
      const codes = () => wecom.simulator.calls.filter((call) => call.corpId === corpId && call.path === LIST);
      await calls.followers();
      wecom.simulator.faults.add({ path: LIST, when: { corpId }, kind, times: 2 });
      const first = await calls.followers();
      wecom.simulator.faults.add({ path: LIST, when: { corpId }, kind, times: 'always' });
      const error: unknown = await calls.followers().catch((thrown: unknown) => thrown);
      expect([what, error]).toEqual([what, expect.any(WecomUnavailable)]);
      expect({ what, error }).toMatchObject({ what, error: { path: LIST, ...said } });
      expect([what, first.length, codes().length]).toEqual([what, 2, 7]);
    });
    await Promise.all(each);
    expect(wecom.failed).toHaveLength(PASSING.length * 5);
  });

  test('no WeCom at all', async () => {
    const nowhere = api({ WECOM_API_BASE: 'http://127.0.0.1:9' });
    await expect(nowhere.followers()).rejects.toMatchObject({ path: 'gettoken', errcode: 0, reason: 'ECONNREFUSED' });
  });

  test.each([40003, 40058, 40096, 41050, 48002, 50100, 60011, 60020, 60111, 84061, 99999])(
    '%d is final',
    async (errcode) => {
      wecom.simulator.faults.add({ path: LIST, kind: { errcode }, times: 'always' });
      const failed = api().followers();
      await expect(failed).rejects.toMatchObject({ path: LIST, errcode, message: `${LIST}: ${errcode}` });
      expect(wecom.codesOf(LIST)).toEqual([errcode]);
      const hint = expect.stringMatching(/^\d{10,}$/);
      expect(wecom.failed).toEqual([{ path: LIST, errcode, hint, reason: '' }]);
      await expect(failed).rejects.toMatchObject({ hint, callerAddress: '127.0.0.1' });
    },
  );

  test('45009: nothing of the API for the corp during the pause, other APIs go on', async () => {
    const waits: (number | null)[] = [];
    const client = wecom.client();
    const calls = client.for(wecom.corp, { onWait: (time) => waits.push(time && time.getTime()) });
    await calls.tagGroups();
    wecom.simulator.faults.add({ path: LIST, kind: { errcode: 45009, forMs: 500 } });
    const limited = [calls.followers(), client.for(wecom.corp).followers()];
    await until(() => waits.length > 0);
    limited.push(client.for({ ...wecom.corp, enterpriseId: 9 }).followers());
    await calls.tagGroups();
    expect(wecom.codesOf(LIST)).toEqual(Array(wecom.codesOf(LIST).length).fill(45009));
    await Promise.all(limited);
    const of45009 = wecom.simulator.calls.filter(({ errcode }) => errcode === 45009);
    const later = wecom.simulator.calls.filter(({ path, errcode }) => path === LIST && errcode === 0);
    expect(later).toHaveLength(3);
    for (const { at } of later) expect(at).toBeGreaterThanOrEqual(Math.max(...of45009.map((call) => call.at)) + 990);
    expect(waits[0]).toBeGreaterThanOrEqual(of45009[0]!.at + 990);
    expect(waits.at(-1)).toBeNull();
  });

  test('45009 three times in a row is given up; one between others is not', async () => {
    const waits: (Date | null)[] = [];
    const calls = wecom.client().for(wecom.corp, { onWait: (time) => waits.push(time) });
    wecom.simulator.faults.add({ path: LIST, kind: { errcode: 45009 }, times: 2 });
    wecom.simulator.faults.add({ path: LIST, kind: { errcode: -1 } });
    wecom.simulator.faults.add({ path: LIST, kind: { errcode: 45009 } });
    await expect(calls.followers()).resolves.toHaveLength(4);
    expect(wecom.codesOf(LIST)).toEqual([45009, 45009, -1, 45009, 0]);
    expect(waits.map((time) => time !== null)).toEqual([true, false, true, false, true, false]);
    wecom.simulator.faults.add({ path: LIST, kind: { errcode: 45009 }, times: 'always' });
    await expect(calls.followers()).rejects.toMatchObject({ errcode: 45009, path: LIST });
    expect(wecom.codesOf(LIST).slice(5)).toEqual([45009, 45009, 45009]);
  });

  test('a call that waits ends when its signal says so', async () => {
    const ended = new AbortController();
    let isWaiting = false;
    const hooks = { signal: ended.signal, onWait: (time: Date | null) => (isWaiting = time !== null) };
    const calls = wecom.client({ WECOM_LIMIT_PAUSE_SECONDS: '3600' }).for(wecom.corp, hooks);
    wecom.simulator.faults.add({ path: LIST, kind: { errcode: 45009 } });
    const waiting = calls.followers();
    await until(() => isWaiting);
    ended.abort(new Error('stopped'));
    await expect(waiting).rejects.toThrow('stopped');
    expect(isWaiting).toBe(false);
    await expect(calls.user('x')).rejects.toThrow('stopped');
  });

  test.each([1, 4, 5])('%d in flight per corp and API', async (limit) => {
    const client = wecom.client({ WECOM_CONCURRENCY: String(limit) });
    const tags = 'externalcontact/get_corp_tag_list';
    const calls = client.for(wecom.corp);
    await calls.user(corp().employees[0]!.userid); // has a token now
    const held = [LIST, tags].map((path) => wecom.simulator.faults.add({ path, kind: 'held', times: 'always' }));
    const begun = Array.from({ length: 10 }, () => [calls.followers(), client.for(wecom.corp).tagGroups()]).flat();
    const arrived = () => [LIST, tags].map((path) => wecom.codesOf(path).length);
    await until(() => Math.min(...arrived()) >= limit);
    held.forEach((fault) => fault.release());
    await Promise.all(begun);
    const highest = (path: string) => wecom.simulator.inFlight.highest(wecom.corp.corpId, path);
    expect([highest(LIST), highest(tags), ...arrived()]).toEqual([limit, limit, 10, 10]);
    expect(wecom.failed).toEqual([]);
  });

  test('every API gives what WeCom has', async () => {
    const calls = api();
    expect(await calls.followers()).toEqual(corp().employees.map(({ userid }) => userid));
    for (const { userid, name, status } of corp().employees) {
      expect(await calls.user(userid)).toMatchObject({ userid, name, status });
      const listed = [...corp().listed(corp().employee(userid))];
      if (listed.length === 0) {
        await expect(calls.contactIds(userid)).rejects.toMatchObject({ errcode: 84061 });
        await expect(calls.follows(userid, '')).rejects.toMatchObject({ errcode: 84061 });
        continue;
      }
      expect(await calls.contactIds(userid)).toEqual(listed.map(({ externalUserid }) => externalUserid));
      const page = await calls.follows(userid, '');
      expect(page.nextCursor).toBe('');
      expect(page.rows).toHaveLength(listed.length);
      for (const [n, { externalUserid, follow }] of listed.entries()) {
        const given = { userid, ...follow, tag_id: corp().liveTags(follow.tag_id) };
        delete given.personal_tags; // of `get` alone
        delete given.wechat_channels;
        expect(page.rows[n]).toEqual({ contact: corp().readContact(externalUserid), follow: given });
      }
    }
    const groups = corp().tagGroups.map(({ group_id, tag }) => ({ group_id, tag: tag.map(({ id }) => id) }));
    const given = (await calls.tagGroups()).map(({ group_id, tag }) => ({ group_id, tag: tag.map(({ id }) => id) }));
    expect(given).toEqual(groups);
  });

  test('lists of several pages by their cursor, also of a contact', async () => {
    const [employee] = corp().employees;
    const all = [...corp().listed(employee!)].map(({ externalUserid }) => externalUserid);
    corp().pageSizes = [3, 0, 100];
    const calls = api();
    const seen: string[] = [];
    const pages: number[] = [];
    for (let cursor = '', isOver = false; !isOver; isOver = cursor === '') {
      const { rows, nextCursor } = await calls.follows(employee!.userid, cursor);
      pages.push(rows.length);
      seen.push(...rows.map(({ contact }) => contact.external_userid));
      cursor = nextCursor;
    }
    corp().pageSizes = [];
    expect(seen).toEqual(all);
    expect(pages).toEqual([3, 0, all.length - 3]);
    await expect(calls.follows(employee!.userid, 'no cursor')).rejects.toMatchObject({ errcode: 50100 });

    corp().addContact({ external_userid: 'wmMany' });
    const followers = corp()
      .employees.slice(0, 3)
      .map(({ userid }) => userid);
    for (const userid of followers) corp().follow(userid, 'wmMany', { personal_tags: ['朋友'] });
    corp().followersPerPage = 2;
    const first = await calls.contact('wmMany');
    const second = await calls.contact('wmMany', first.nextCursor);
    corp().followersPerPage = 500;
    expect([...first.followers, ...second.followers].map(({ userid }) => userid)).toEqual(followers);
    expect([first.contact.external_userid, second.nextCursor]).toEqual(['wmMany', '']);
    expect(first.followers[0]!.tags).toEqual([{ group_name: '个人', tag_name: '朋友', type: 2 }]);
  });

  test('writes arrive', async () => {
    const [{ employee, externalUserid } = undefined!] = [...corp().listed(corp().employees[0]!)];
    const pair = { userid: employee.userid, external_userid: externalUserid };
    const calls = api();
    await calls.remark({ ...pair, remark: '新备注😀', remark_mobiles: [''] });
    const [tag] = corp().tagGroups[0]!.tag;
    await calls.markTag({ ...pair, add_tag: [tag!.id] });
    const { follow } = corp().relation(employee.userid, externalUserid);
    expect([follow.remark, follow.remark_mobiles]).toEqual(['新备注😀', []]);
    expect(follow.tag_id).toContain(tag!.id);
    const foreign = { ...pair, external_userid: 'wmUnknown', remark: 'x' };
    await expect(calls.remark(foreign)).rejects.toHaveProperty('errcode');
    wecom.simulator.faults.add({ path: 'externalcontact/remark', kind: 'lost answer' });
    await calls.remark({ ...pair, remark: '再来' });
    expect(corp().relation(employee.userid, externalUserid).follow.remark).toBe('再来');
  });
});
