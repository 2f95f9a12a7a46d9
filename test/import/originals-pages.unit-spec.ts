import { MixSystem } from '../../src/import/originals/mix-system';
import { customerPages, relationPages } from '../../src/import/originals/mix-pages';
import { SystemTransport } from '../../src/import/originals/transport';
import { Pages, Walk } from '../../src/import/originals/walk';
import { allEmployees, allTags, followPages } from '../../src/import/originals/wechat-pages';
import { WechatSystem } from '../../src/import/originals/wechat-system';
import { StandIn } from '../originals';
import type { Fault } from '../originals/faults';

/** The keys that should be there and are not. */
function missingFrom(keys: string[], wanted: string[]): string[] {
  const found = new Set(keys);
  return wanted.filter((key) => !found.has(key));
}

const ROWS = 2600; // six pages of relations, 26 of follows
const PASSWORD = 'original-admin';

describe('the pages of a running original', () => {
  let standIn: StandIn;
  let transport: SystemTransport;
  let retries: string[];

  beforeEach(async () => {
    standIn = await StandIn.start({ rows: ROWS });
    retries = [];
    transport = connect();
  });
  afterEach(async () => {
    await transport.close();
    await standIn.stop();
  });

  const connect = (manners = {}) =>
    new SystemTransport(standIn.url, {
      rate: 10_000,
      timeoutMs: 20_000,
      onRetry: (line) => retries.push(line),
      ...manners,
    });
  const mix = () => MixSystem.signIn(transport, { username: 'admin', password: PASSWORD });
  const wechat = () =>
    WechatSystem.signIn(transport, { uniacid: 2, businessId: 1 }, { username: 'admin', password: PASSWORD });

  /** The rows of a walk, by key. @param stopAfter steps, as if the process were killed then */
  async function walk(pages: Pages<any>, { after = undefined as string | undefined, stopAfter = Infinity } = {}) {
    const keys: string[] = [];
    let next = after;
    for await (const step of new Walk(pages, after).steps()) {
      keys.push(...step.rows.map((row) => pages.keyOf(row)));
      next = step.next;
      if (--stopAfter === 0) break;
    }
    return { keys, next };
  }

  const relationKeys = () =>
    standIn.mix.data.relations.map(({ user_id, customer_id }) => `${user_id} ${customer_id}`).sort();
  const followKeys = () => standIn.wechat.data.follows.map(({ id }) => String(id)).sort();
  const calls = (route: string) => standIn.calls.filter((call) => call.endsWith(`/${route}`)).length;

  test('a list is read once, newest first', async () => {
    const { keys } = await walk(relationPages(await mix()));
    expect([...keys].sort()).toEqual(relationKeys());
    expect(calls('get_list')).toBe(7); // the first once more, to see whether rows were added
    expect((await walk(customerPages(await mix()))).keys).toHaveLength(standIn.mix.data.customers.length);
    expect((await walk(followPages(await wechat()))).keys.sort()).toEqual(followKeys());
  });

  const remove = (count: number) => () => void standIn.mix.data.relations.sort(newestFirst).splice(10, count);
  const newestFirst = (a: any, b: any) =>
    a.created < b.created ? 1 : a.created > b.created ? -1 : b.customer_id - a.customer_id;
  const add = (count: number) => () => {
    for (let n = 0; n < count; n++) standIn.mix.data.addRelation();
  };

  test.each<[string, Omit<Fault, 'route'>[]]>([
    ['answered late', [{ kind: { slowMs: 300 }, after: 2 }]],
    ['HTTP 500 once', [{ kind: 'error 500', after: 2 }]],
    ['HTML in place of JSON', [{ kind: 'html', after: 1 }]],
    ['the connection reset', [{ kind: 'reset', after: 3 }]],
    ['signed out in the middle', [{ kind: 'signed out', after: 2 }]],
    ['a page that repeats the page before', [{ kind: 'page before', after: 3 }]],
    ['rows added meanwhile', [{ kind: { first: () => add(7)() }, after: 2 }]],
    ['more than a page added meanwhile', [{ kind: { first: () => add(600)() }, after: 4 }]],
    ['rows gone meanwhile', [{ kind: { first: () => remove(12)() }, after: 3 }]],
    ['more than a page gone meanwhile', [{ kind: { first: () => remove(700)() }, after: 3 }]],
    [
      'rows gone and added',
      [
        { kind: { first: () => remove(9)() }, after: 2 },
        { kind: { first: () => add(9)() }, after: 4 },
      ],
    ],
  ])('%s: every row that stayed is read', async (_, faults) => {
    const before = relationKeys();
    for (const fault of faults) standIn.faults.add({ route: 'get_list', ...fault });
    const { keys } = await walk(relationPages(await mix()));
    expect(new Set(keys).size).toBe(keys.length);
    expect(missingFrom(keys, relationKeys())).toEqual([]);
    expect(missingFrom([...before, ...relationKeys()], keys)).toEqual([]);
  });

  test.each<[string, Omit<Fault, 'route'>]>([
    ['signed out in the middle', { kind: 'signed out', after: 9 }],
    ['a page that repeats the page before', { kind: 'page before', after: 9 }],
    ['customers added', { kind: { first: () => void standIn.wechat.data.addFollow() }, after: 5, times: 3 }],
  ])('follows, %s: every row is read', async (_, fault) => {
    standIn.faults.add({ route: 'getList', ...fault });
    expect((await walk(followPages(await wechat()))).keys.sort()).toEqual(followKeys());
  });

  test.each([
    ['nothing changed', () => {}, 3],
    ['rows were added', () => add(30)(), 3],
    ['rows were removed', () => remove(30)(), 3],
    ['the last page was read', () => add(3)(), 6],
  ])('goes on after a kill when %s', async (_, change, stopAfter) => {
    const pages = relationPages(await mix());
    const begun = await walk(pages, { stopAfter });
    change();
    const rest = await walk(pages, { after: begun.next });
    expect(missingFrom([...begun.keys, ...rest.keys], relationKeys())).toEqual([]);
  });

  test('going on reads the pages that are left, and the first one', async () => {
    const pages = relationPages(await mix());
    const begun = await walk(pages, { stopAfter: 4 });
    standIn.calls.length = 0;
    const rest = await walk(pages, { after: begun.next });
    expect(calls('get_list')).toBe(3);
    expect([...begun.keys, ...rest.keys].sort()).toEqual(relationKeys());
  });

  test('a page that always repeats the page before is a failure, no gap', async () => {
    standIn.faults.add({ route: 'get_list', kind: 'page before', after: 3, times: 100 });
    await expect(walk(relationPages(await mix()))).rejects.toThrow(
      /user_customer\/get_list: tells of 2600 rows and gives \d+ different ones, also when read again$/,
    );
  });

  test('an empty page before the last is a failure, without asking for all that are promised', async () => {
    const asked: number[] = [];
    const pages: Pages<number> = {
      base: 'http://old.example',
      route: 'list',
      keyOf: String,
      async ask(page) {
        asked.push(page);
        return { rows: page < 3 ? [2 * page, 2 * page + 1] : [], total: 2_000_000, pages: 1_000_000 };
      },
    };
    await expect(walk(pages)).rejects.toThrow('list: tells of 2000000 rows and gives 4 different ones');
    const round = [1, 2, 3, 1]; // the first once more, to see whether rows were added
    expect(asked).toEqual([...round, ...round, ...round]);
  });

  test.each([
    ['total_records', 'an answer in another shape: total_records is not a whole number'],
    ['data', 'an answer in another shape: data is no list'],
  ])('an answer without %s is a failure that names it', async (without, reason) => {
    standIn.faults.add({ route: 'get_list', kind: { without }, after: 1 });
    await expect(walk(relationPages(await mix()))).rejects.toThrow(`${standIn.url}: user_customer/get_list: ${reason}`);
  });

  test('a row without a field is a failure that names the field', async () => {
    delete (standIn.wechat.data.follows[0] as Partial<(typeof standIn.wechat.data.follows)[0]>).remark;
    await expect(walk(followPages(await wechat()))).rejects.toThrow(
      /getList: an answer in another shape: data\.\d+\.remark is neither text, number nor null$/,
    );
  });

  test('HTTP 500 for good is a failure after four tries', async () => {
    const system = await mix();
    standIn.faults.add({ route: 'get_list', kind: 'error 500', times: 100 });
    await expect(walk(relationPages(system))).rejects.toThrow('HTTP 500 without JSON; is the URL right?');
    expect([calls('get_list'), retries.length]).toEqual([4, 3]);
  });

  test('an answer that takes too long is asked for again', async () => {
    const system = await mix();
    await transport.close();
    transport = connect({ timeoutMs: 500 });
    const patient = await mix();
    standIn.faults.add({ route: 'get_list', kind: { slowMs: 5000 } });
    await relationPages(patient).ask(1);
    expect(retries).toEqual(['user_customer/get_list: timeout, asking again']);
    expect(system.base).toBe(standIn.url);
  });

  test('employees whole, from beside their follows, and last those of whom only the name is known', async () => {
    const employees = await allEmployees(await wechat());
    const { data } = standIn.wechat;
    expect(employees.slice(0, -2)).toEqual(
      data.employees.slice(0, -2).sort((a, b) => (a.user_id < b.user_id ? -1 : 1)),
    );
    const nameOnly = data.employees.slice(-2).map(({ user_id, name }) => ({ user_id, name }));
    expect(employees.slice(-2)).toEqual(expect.arrayContaining(nameOnly));
    expect(await allTags(await wechat())).toEqual([...data.tags].reverse());
  });

  test('signs in to family B by token, too', async () => {
    const { uid, token } = standIn.wechat.token;
    const access = { username: String(uid), password: token, isToken: true };
    const system = await WechatSystem.signIn(transport, { uniacid: 2, businessId: 1 }, access);
    expect(await allTags(system)).toHaveLength(30);
    expect(calls('member.login.index')).toBe(0);
    const wrong = WechatSystem.signIn(
      transport,
      { uniacid: 2, businessId: 1 },
      { ...access, password: 'secret-token' },
    );
    await expect(wrong).rejects.toThrow(`the token of uid ${uid} is wrong or has expired`);
  });

  test('asks no faster than it was agreed', async () => {
    const system = await mix();
    await transport.close();
    transport = connect({ rate: 20 });
    const began = performance.now();
    await walk(relationPages(await mix()));
    expect(performance.now() - began).toBeGreaterThan(340); // eight requests, 50 ms apart; never less
    expect(system.base).toBe(standIn.url);
  });
});
