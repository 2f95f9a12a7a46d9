import { until } from '../until';
import { Caller, useSimulator } from './client';

const simulator = useSimulator();
const BATCH = 'externalcontact/batch/get_by_user';
const CORP_ID = 'wwsim0000000000001';

/** One employee with so many customers. */
async function employeeWith(count: number): Promise<Caller> {
  return simulator.seeded({ employees: 1, contacts: Math.max(count, 1), follows: count });
}

const userid = () => simulator.it.world.corp().employees[0]!.userid;
const ids = (page: any): string[] => page.external_contact_list.map((row: any) => row.external_contact.external_userid);
const sizes = (pages: any[]) => pages.map((page) => page.external_contact_list.length);

async function wholeList(caller: Caller): Promise<string[]> {
  return (await caller.get('externalcontact/list', { userid: userid() })).external_userid;
}

describe('batch/get_by_user', () => {
  it('gives 50 unless asked, at most 100, every pair once and in a stable order', async () => {
    const caller = await employeeWith(230);
    const [first] = await caller.pages([userid()], 0);
    expect(ids(first)).toHaveLength(50);
    const pages = await caller.pages([userid()], 1000);
    expect(sizes(pages)).toEqual([100, 100, 30]);
    expect(pages.flatMap(ids)).toEqual(await wholeList(caller));
    expect(new Set(pages.flatMap(ids)).size).toBe(230);
    const times = pages.flatMap((page) => page.external_contact_list.map((row: any) => row.follow_info.createtime));
    expect(times).not.toEqual([...times].sort((one, other) => one - other));
  });

  it('goes through several employees', async () => {
    const caller = await simulator.seeded();
    const { follow_user } = await caller.get('externalcontact/get_follow_user_list');
    const pages = await caller.pages(follow_user, 40);
    expect(sizes(pages)).toEqual([40, 40, 40, 30]);
    const all = [...simulator.it.world.corp().allListed()];
    const rows = pages.flatMap((page) => page.external_contact_list);
    expect(rows.map((row) => row.follow_info.userid)).toEqual(all.map((row) => row.userid));
  });

  it('has short and empty pages where it is told to, with a cursor', async () => {
    const caller = await employeeWith(130);
    const corp = simulator.it.world.corp();
    corp.pageSizes = [100, 0, 7];
    const pages = await caller.pages([userid()]);
    expect(sizes(pages)).toEqual([100, 0, 7, 23]);
    expect(pages.flatMap(ids)).toEqual(await wholeList(caller));
    corp.pageSizes = [0, 65];
    corp.endsWithEmptyPage = true;
    corp.omitsEmptyCursor = true;
    const others = await caller.pages([userid()]);
    expect(sizes(others)).toEqual([0, 65, 0, 65, 0]);
    expect(others.at(-1)).not.toHaveProperty('next_cursor');
  });

  it('refuses a cursor of another list, of another corp and an expired one', async () => {
    const caller = await employeeWith(130);
    const other = await simulator.seeded({ corpId: 'wwother', employees: 1, contacts: 130, follows: 130 });
    const { next_cursor } = await caller.post(BATCH, { userid_list: [userid()], limit: 100 });
    simulator.it.world.corp().addEmployee('other');
    const refused = { errcode: 50100, external_contact_list: [] };
    const next = { userid_list: [userid()], cursor: next_cursor };
    expect(await other.post(BATCH, next)).toMatchObject(refused);
    expect(await caller.post(BATCH, { ...next, userid_list: ['other'] })).toMatchObject(refused);
    expect(await caller.post(BATCH, next)).toMatchObject({ errcode: 0 });
    simulator.it.world.corp().cursors.expire();
    expect(await caller.post(BATCH, next)).toMatchObject(refused);
  });

  it('hides no row when one before the cursor disappears', async () => {
    const caller = await employeeWith(130);
    const before = await wholeList(caller);
    const first = await caller.post(BATCH, { userid_list: [userid()], limit: 100 });
    simulator.it.world.corp().unfollowByMember(userid(), before[0]!);
    const second = await caller.post(BATCH, { userid_list: [userid()], limit: 100, cursor: first.next_cursor });
    expect([...ids(first), ...ids(second)]).toEqual(before);
  });

  it('says of no customers what it is told to', async () => {
    const caller = await employeeWith(0);
    expect(await caller.post(BATCH, { userid_list: [userid()] })).toMatchObject({ errcode: 84061 });
    simulator.it.world.corp().emptyBatch = 'empty list';
    const empty = await caller.post(BATCH, { userid_list: [userid()] });
    expect(empty).toEqual({ errcode: 0, errmsg: 'ok', external_contact_list: [], next_cursor: '' });
  });
});

it('get has pages beyond 500 followers', async () => {
  const caller = await simulator.seeded({ employees: 10, contacts: 1, follows: 9 });
  const corp = simulator.it.world.corp();
  const [external_userid] = await wholeList(caller);
  const whole = await caller.get('externalcontact/get', { external_userid: external_userid! });
  expect(whole.follow_user).toHaveLength(9);
  expect(whole).not.toHaveProperty('next_cursor');
  corp.followersPerPage = 4;
  const followers: unknown[] = [];
  for (let cursor = '', count = 0; count === 0 || cursor !== ''; count++) {
    const page = await caller.get('externalcontact/get', { external_userid: external_userid!, cursor });
    followers.push(...page.follow_user);
    cursor = page.next_cursor;
  }
  expect(followers).toEqual(whole.follow_user);
});

describe('writes', () => {
  const REMARK = 'externalcontact/remark';
  const MARK = 'externalcontact/mark_tag';

  async function aPair() {
    const caller = await simulator.seeded();
    const corp = simulator.it.world.corp();
    const all = [...corp.allListed()];
    const pairOf = (type: number) => {
      const row = all.find(({ contact }) => contact.type === type)!;
      return { userid: row.userid, external_userid: row.contact.external_userid };
    };
    return { caller, corp, pair: pairOf(1), wecomPair: pairOf(2) };
  }

  it('remark changes what it names and clears mobiles', async () => {
    const { caller, corp, pair, wecomPair } = await aPair();
    const relation = corp.relation(pair.userid, pair.external_userid);
    Object.assign(relation.follow, { remark: 'before', description: 'kept', remark_mobiles: ['13800000000'] });
    const fields = { remark: '', remark_company: '某某', remark_mobiles: [''] };
    expect(await caller.post(REMARK, { ...pair, ...fields })).toEqual({ errcode: 0, errmsg: 'ok' });
    const { follow } = corp.relation(pair.userid, pair.external_userid);
    expect(follow).toMatchObject({ remark: '', description: 'kept', remark_corp_name: '某某', remark_mobiles: [] });
    expect(await caller.post(REMARK, pair)).toMatchObject({ errcode: 40063 });
    expect(await caller.post(REMARK, { ...pair, remark: '长'.repeat(21) })).toMatchObject({ errcode: 40058 });
    expect(await caller.post(REMARK, { ...wecomPair, remark_company: '某某' })).toMatchObject({ errcode: 40058 });
    corp.unfollowByMember(pair.userid, pair.external_userid);
    expect(await caller.post(REMARK, { ...pair, remark: 'x' })).toMatchObject({ errcode: 84061 });
  });

  it('mark_tag adds behind and takes away', async () => {
    const { caller, corp, pair } = await aPair();
    const [a, b, c] = corp.tagGroups[0]!.tag.map(({ id }) => id) as [string, string, string];
    corp.relation(pair.userid, pair.external_userid).follow.tag_id = [c, a];
    expect(await caller.post(MARK, { ...pair, add_tag: [b, a], remove_tag: [c] })).toEqual({
      errcode: 0,
      errmsg: 'ok',
    });
    expect(corp.relation(pair.userid, pair.external_userid).follow.tag_id).toEqual([a, b]);
    expect(await caller.post(MARK, { ...pair, add_tag: ['etNONE'] })).toMatchObject({ errcode: 40068 });
    expect(await caller.post(MARK, { ...pair, add_tag: [] })).toMatchObject({ errcode: 40063 });
  });

  it('of one pair at once conflict', async () => {
    const { caller, pair } = await aPair();
    simulator.it.latencyMs = 1000;
    const first = caller.post(REMARK, { ...pair, remark: '1' });
    await until(() => simulator.it.calls.some(({ path }) => path === REMARK));
    expect(await caller.post(REMARK, { ...pair, remark: '2' })).toMatchObject({ errcode: 45035 });
    expect(await first).toMatchObject({ errcode: 0 });
  });

  it('tags are added, renamed and deleted, and come off their follows', async () => {
    const { caller, corp, pair } = await aPair();
    const added = await caller.post('externalcontact/add_corp_tag', { group_name: '新组', tag: [{ name: '新' }] });
    const { id } = added.tag_group.tag[0];
    await caller.post(MARK, { ...pair, add_tag: [id] });
    expect(await caller.post('externalcontact/edit_corp_tag', { id, name: '改' })).toMatchObject({ errcode: 0 });
    expect(corp.findTag(id)?.name).toBe('改');
    await caller.post('externalcontact/del_corp_tag', { tag_id: [id] });
    const { tag_group } = await caller.post('externalcontact/get_corp_tag_list', {});
    expect(JSON.stringify(tag_group)).not.toContain('新组');
    const answer = await caller.get('externalcontact/get', { external_userid: pair.external_userid });
    expect(JSON.stringify(answer)).not.toContain(id);
  });
});

describe('calls in flight', () => {
  const FOLLOWERS = 'externalcontact/get_follow_user_list';
  const inFlight = () => simulator.it.calls.filter(({ path, ms }) => path === FOLLOWERS && ms === undefined).length;
  const five = (caller: Caller) => Array.from({ length: 5 }, () => caller.get(FOLLOWERS));

  it('five of an API are answered, also when their callers send the next at once', async () => {
    const caller = await simulator.seeded();
    for (let round = 0; round < 10; round++) {
      for (const answer of await Promise.all(five(caller))) expect(answer.errcode).toBe(0);
    }
  });

  it('a sixth is refused, and the most are known', async () => {
    const caller = await simulator.seeded();
    simulator.it.latencyMs = 1000;
    const answers = five(caller);
    await until(() => inFlight() === 5);
    expect(simulator.it.inFlight.highest(CORP_ID, FOLLOWERS)).toBe(5);
    expect(await caller.get(FOLLOWERS)).toMatchObject({ errcode: 45033, follow_user: [] });
    for (const answer of await Promise.all(answers)) expect(answer.errcode).toBe(0);
    expect(simulator.it.inFlight.highest(CORP_ID, FOLLOWERS)).toBe(6);
  });
});
