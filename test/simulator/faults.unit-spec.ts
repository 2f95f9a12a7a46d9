import { Kind } from '../../simulator/faults';
import { until } from '../until';
import { Caller, useSimulator } from './client';

const simulator = useSimulator();
const BATCH = 'externalcontact/batch/get_by_user';
const LIST = 'externalcontact/get_follow_user_list';

let caller: Caller;
beforeEach(async () => (caller = await simulator.seeded()));

/** What a caller sees of one call. */
async function seen(path = LIST): Promise<string> {
  const response = await fetch(`${simulator.it.url}/cgi-bin/${path}?access_token=${caller.token}`).catch(
    () => undefined,
  );
  if (!response) return 'no answer';
  const body = await response.text().catch(() => 'cut');
  try {
    const { errcode, ...rest } = JSON.parse(body);
    const names = Object.keys(rest).filter((name) => name !== 'errmsg');
    return `${response.status} ${errcode} ${names.join()}`;
  } catch {
    return `${response.status} ${body === 'cut' ? body : 'not JSON'}`;
  }
}

describe('each fault hits once and is over', () => {
  it.each<[Kind, string]>([
    [{ errcode: -1 }, '200 -1 follow_user'],
    [{ errcode: 45009 }, '200 45009 follow_user'],
    [{ errcode: 99999 }, '200 99999 follow_user'],
    [{ status: 502 }, '502 not JSON'],
    [{ status: 200, body: '<html>' }, '200 not JSON'],
    ['reset', 'no answer'],
    ['lost answer', 'no answer'],
    ['cut', '200 cut'],
    ['truncated', '200 not JSON'],
    ['without list', '200 0 '],
    [{ tokenDeath: 40014 }, '200 40014 follow_user'],
    [{ tokenDeath: 42001 }, '200 42001 follow_user'],
    [{ slowMs: 50 }, '200 0 follow_user'],
  ])('%j', async (kind, expected) => {
    const fault = simulator.it.faults.add({ path: LIST, kind });
    expect(await seen()).toBe(expected);
    expect(fault.fired).toBe(1);
    await caller.signIn();
    expect(await seen()).toBe('200 0 follow_user');
  });

  it('a call that hangs ends when the caller gives up', async () => {
    simulator.it.faults.add({ path: LIST, kind: 'hang' });
    const url = `${simulator.it.url}/cgi-bin/${LIST}?access_token=${caller.token}`;
    await expect(fetch(url, { signal: AbortSignal.timeout(200) })).rejects.toThrow();
    expect(await seen()).toBe('200 0 follow_user');
  });

  it('an answer that is lost was done, one refused was not', async () => {
    const { userid, contact } = [...simulator.it.world.corp().allListed()][0]!;
    const { external_userid } = contact;
    const body = { userid, external_userid, remark: '做了' };
    const remark = () => simulator.it.world.corp().relation(userid, external_userid).follow.remark;
    simulator.it.faults.add({ path: 'externalcontact/remark', kind: 'reset' });
    await expect(caller.response('externalcontact/remark', body)).rejects.toThrow();
    expect(remark()).not.toBe('做了');
    simulator.it.faults.add({ path: 'externalcontact/remark', kind: 'lost answer' });
    await expect(caller.response('externalcontact/remark', body)).rejects.toThrow();
    expect(remark()).toBe('做了');
  });
});

it('a call that is held tells what was so when it came', async () => {
  const fault = simulator.it.faults.add({ path: LIST, kind: 'held' });
  const answer = caller.get(LIST);
  await until(() => fault.fired === 1);
  simulator.it.world.corp().addEmployee('late');
  expect((await caller.get(LIST)).follow_user).toContain('late');
  fault.release();
  expect((await answer).follow_user).not.toContain('late');
});

describe('where a fault hits', () => {
  const page = (userid: string, cursor = '') => caller.post(BATCH, { userid_list: [userid], cursor, limit: 10 });

  it('one employee, one page', async () => {
    const [first, second] = simulator.it.world.corp().employees.map(({ userid }) => userid) as [string, string];
    simulator.it.faults.add({ path: BATCH, when: { userid_list: second, page: 2 }, kind: { errcode: 60011 } });
    const one = await page(second);
    expect(await page(first, (await page(first)).next_cursor)).toMatchObject({ errcode: 0 });
    expect(await page(second, one.next_cursor)).toMatchObject({ errcode: 60011, external_contact_list: [] });
    expect(await page(second, one.next_cursor)).toMatchObject({ errcode: 0 });
  });

  it('by a predicate, always, until it is removed', async () => {
    const when = ({ params }: { params: Record<string, unknown> }) => params.limit === 10;
    const fault = simulator.it.faults.add({ path: 'externalcontact/*', when, kind: { errcode: -1 }, times: 'always' });
    const { userid } = simulator.it.world.corp().employees[0]!;
    for (let count = 0; count < 3; count++) expect(await page(userid)).toMatchObject({ errcode: -1 });
    expect(await seen()).toBe('200 0 follow_user');
    fault.remove();
    expect(await page(userid)).toMatchObject({ errcode: 0 });
    expect(fault.fired).toBe(3);
  });

  it('after some calls, twice', async () => {
    simulator.it.faults.add({ path: LIST, kind: { errcode: 6000 }, afterCalls: 2, times: 2 });
    const codes: string[] = [];
    for (let count = 0; count < 6; count++) codes.push(await seen());
    expect(codes.map((code) => code.split(' ')[1])).toEqual(['0', '0', '6000', '6000', '0', '0']);
  });

  it('by chance, the same way for the same seed', async () => {
    const fault = simulator.it.faults.add({ path: '*', kind: { errcode: -1 }, chance: 0.25 });
    for (let count = 0; count < 200; count++) await seen();
    expect(fault.fired).toBeGreaterThan(25);
    expect(fault.fired).toBeLessThan(75);
  });

  it('gettoken', async () => {
    simulator.it.faults.add({ path: 'gettoken', kind: 'without list' });
    const { secret } = simulator.it.world.corp().apps[0]!;
    expect(await caller.gettoken(secret)).toEqual({ errcode: 0, errmsg: 'ok', expires_in: expect.any(Number) });
    simulator.it.faults.add({ path: 'gettoken', kind: { errcode: -1 } });
    expect(await caller.gettoken(secret)).toMatchObject({ errcode: -1 });
  });

  it('the API for a time, as 45009 does', async () => {
    simulator.it.faults.add({ path: LIST, kind: { errcode: 45009, forMs: 1000 } });
    for (let count = 0; count < 3; count++) expect(await seen()).toBe('200 45009 follow_user');
    expect(await seen('externalcontact/list')).toContain('41009');
    await until(async () => (await seen()) === '200 0 follow_user');
  });
});
