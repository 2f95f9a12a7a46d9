import { ADMIN, BIG_USER_ID, PASSWORD } from '../../bench/data/accounts';
import { LAST_MOMENT } from '../../bench/data/calendar';
import { fill } from '../../bench/data/fill';
import { TERMS } from '../../bench/data/names';
import { Random } from '../../bench/data/random';
import { Sql, Statement } from '../../src/database/sql';
import { Enterprise } from '../../src/enterprise/entities/enterprise.entity';
import { Contact } from '../../src/wechat-customers/entities/contact.entity';
import { Tag } from '../../src/wechat-customers/entities/tag.entity';
import { TestApp } from '../app';
import { engine } from '../database';
import { call } from '../mix';
import { expectSame, TENANT } from './by-relations';
import { randomSearch } from './random-search';

const FOLLOWS = 100_000;
const DAY = 86_400;
const MONTH = 30 * DAY;

/** A live follow of the enterprise with the columns that getList filters by, read by one plain join. */
interface JoinedFollow {
  id: number;
  owner: string;
  externalUserid: string;
  remark: string;
  tags: string[];
  createtime: number;
  addWay: string;
  status: number;
  name: string | null;
  uid: number | null;
  externalType: number | null;
}

/** Values for the filters, taken from the data. */
interface Known {
  /** Tag ids, the most used first. */
  tags: string[];
  /** A follow whose contact is bound to a member. */
  bound: JoinedFollow;
}

interface Filter {
  search: Record<string, unknown>;
  /** The same in JavaScript, without terms, counters and indexes. */
  passes: (follow: JoinedFollow) => boolean;
}

/**
 * @param index where the page starts: an index of wechat_follow or a table of entries; '' when there is no page to read
 * @param counted follows counted one by one for the total; the others are in the counters
 * @param reads rows read for each of these, if more than two: its entry and the follow itself
 */
type Case = [
  what: string,
  index: string,
  filter: (known: Known) => Filter,
  counted: (known: Known) => Filter,
  reads?: number,
];

/** The tables of entries. */
const TERM = 'wechat_follow_term';
const TAG = 'wechat_follow_tag';

const all = (): Filter => ({ search: {}, passes: () => true });

const customer = (text: string): Filter => ({
  search: { customer: text },
  passes: ({ name, externalUserid }) => externalUserid === text || (name !== null && name.includes(text)),
});

const remark = (text: string): Filter => ({ search: { remark: text }, passes: (row) => row.remark.includes(text) });

const member = (uid: number): Filter => ({ search: { member: uid }, passes: (row) => row.uid === uid });

const addWay = (way: number): Filter => ({
  search: { add_way_type: way },
  passes: (row) => row.addWay === String(way),
});

const owner = (userid: string): Filter => ({
  search: { employee_member: userid },
  passes: (row) => row.owner === userid,
});

const type = (number: number): Filter => ({ search: { type: number }, passes: (row) => row.externalType === number });

const status = (number: number): Filter => ({ search: { status: number }, passes: (row) => row.status === number });

const time = (from: number | '', to: number | ''): Filter => ({
  search: { time: [from, to] },
  passes: ({ createtime }) => (from === '' || createtime >= from) && (to === '' || createtime <= to),
});

const tags = (ids: string[], mode = 'any'): Filter => ({
  search: { tags_data: ids.join(','), tags_mode: mode },
  passes: (row) => {
    const hasTag = (id: string) => row.tags.includes(id);
    if (mode === 'none') return row.tags.length === 0;
    if (mode === 'all') return ids.every(hasTag);
    return ids.some(hasTag) === (mode === 'any');
  },
});

const both = (...filters: Filter[]): Filter => ({
  search: Object.assign({}, ...filters.map(({ search }) => search)) as Filter['search'],
  passes: (row) => filters.every(({ passes }) => passes(row)),
});

const lastMonth = () => time(LAST_MOMENT - MONTH, LAST_MOMENT);
const oldMonth = () => time(LAST_MOMENT - 500 * DAY, LAST_MOMENT - 470 * DAY);
const lastYear = () => time(LAST_MOMENT - 365 * DAY, LAST_MOMENT);
/** Of 2,000 employees, the one with the most follows and one with few. */
const [HOT_OWNER, COLD_OWNER] = ['Member0001', 'Member1999'];

/** Nothing to count: the counters have the total. */
const nothing = (): Filter => ({ search: {}, passes: () => false });

const nth = ({ tags: ids }: Known, ...places: number[]) => places.map((place) => ids.at(place)!);
const someCold = (known: Known) => tags(known.tags.slice(-10));
const someHot = (known: Known) => tags(known.tags.slice(0, 10));
const hot = (known: Known) => tags(nth(known, 0));
const mid = (known: Known) => tags(nth(known, 50));
const bound = ({ bound: { uid } }: Known) => member(uid!);
const byKey = ({ bound: { externalUserid } }: Known) => customer(externalUserid);
const openEnd = () => time(LAST_MOMENT - 100 * DAY, '');
const openBegin = () => time('', LAST_MOMENT - 600 * DAY);
/** The part of a range that is not a whole period of the counters. */
const endOfOpenBegin = () => time(LAST_MOMENT - 630 * DAY, LAST_MOMENT - 600 * DAY);
const startOfYear = () => time(LAST_MOMENT - 365 * DAY, LAST_MOMENT - 335 * DAY);

const ownersYear = () => both(owner(HOT_OWNER), status(1), lastYear());

const CASES: Case[] = [
  ['no filter', 'ix_follow_scan', all, nothing],
  ['customer: a common name', TERM, () => customer(TERMS.common), () => customer(TERMS.common)],
  ['customer: a name of one contact', TERM, () => customer(TERMS.one), nothing],
  ['customer: a name of no contact', '', () => customer(TERMS.none), nothing],
  ['customer: one character', TERM, () => customer('王'), () => customer('王')],
  ['customer by external_userid', 'ix_follow_contact', byKey, nothing],
  ['member 0', 'ix_follow_scan', () => member(0), nothing],
  ['a bound member', 'ix_follow_member', bound, nothing],
  ['add_way_type: common', 'ix_follow_scan', () => addWay(1), nothing],
  ['add_way_type: rare', 'ix_follow_dim', () => addWay(8), () => addWay(8)],
  ['tag: common', TAG, hot, nothing],
  ['tag: less common', TAG, mid, nothing],
  ['tag: rare', TAG, (known) => tags(nth(known, -1)), nothing],
  ['tags: any of three', TAG, (known) => tags(nth(known, 0, 50, -1)), (known) => tags(nth(known, 0, 50, -1)), 5],
  ['tags: any of ten common ones', 'ix_follow_scan', someHot, someHot, 5],
  ['tags: any of ten rare ones', '', someCold, someCold, 5],
  ['tags: all of two', TAG, (known) => tags(nth(known, 0, 1), 'all'), hot],
  ['tags: exclude', 'ix_follow_scan', (known) => tags(nth(known, 0, 1), 'exclude'), (k) => tags(nth(k, 0, 1)), 6],
  ['tags: none', TERM, () => tags([], 'none'), nothing],
  ['employee_member with many follows', 'ix_follow_owner', () => owner(HOT_OWNER), nothing],
  ['employee_member with few follows', 'ix_follow_owner', () => owner(COLD_OWNER), nothing],
  ['type 1', 'ix_follow_scan', () => type(1), nothing],
  ['type 2', 'ix_follow_scan', () => type(2), nothing],
  ['status 1', 'ix_follow_scan', () => status(1), nothing],
  ['status -1', 'ix_follow_scan', () => status(-1), nothing],
  ['time: last month', 'ix_follow_time', lastMonth, lastMonth],
  ['time: a month long ago', 'ix_follow_time', oldMonth, oldMonth],
  ['time: last year', 'ix_follow_scan', lastYear, startOfYear],
  ['time: open end', 'ix_follow_scan', openEnd, nothing],
  ['time: open begin', 'ix_follow_scan', openBegin, endOfOpenBegin],
  ['remark: common', TERM, () => remark(TERMS.common), () => remark(TERMS.common)],
  ['remark of one follow', TERM, () => remark(TERMS.one), nothing],
  ['remark of no follow', '', () => remark(TERMS.none), nothing],
  ['remark: one character', TERM, () => remark('王'), () => remark('王')],
  ['remark: four characters', TERM, () => remark('上海采购'), () => remark('上海采购')],
  ['owner + status + time', 'ix_follow_owner', ownersYear, () => owner(HOT_OWNER)],
  ['tag + status', TAG, (known) => both(hot(known), status(1)), nothing],
  ['type + way of adding + status', 'ix_follow_scan', () => both(type(1), addWay(1), status(1)), nothing],
  ['rare type + way of adding + status', 'ix_follow_dim', () => both(type(2), addWay(8), status(-1)), nothing],
  ['text + status', TERM, () => both(remark(TERMS.common), status(-1)), () => remark(TERMS.common)],
  ['owner + tag', 'ix_follow_owner', (known) => both(owner(HOT_OWNER), hot(known)), () => owner(HOT_OWNER)],
  ['tag + last month', 'ix_follow_time', (known) => both(mid(known), lastMonth()), lastMonth, 4],
  ['tags: any of three + last month', 'ix_follow_time', (k) => both(tags(nth(k, 0, 1, 50)), lastMonth()), lastMonth, 8],
];

/** Rows read for a follow that does not match: its own, and one for each of up to two tags checked. */
const ROWS_PER_FOLLOW = 3;

/** Rows of any request: counters, right and choice of the enterprise, and a page of follows with their contacts. */
const ROWS_OF_A_REQUEST = 2000;

/**
 * The most rows a page may read, about one and a half times what it does read. Matching follows before the page are
 * read one by one; in list order so are those among them that do not match.
 */
function mostRows(index: string, found: number, counted: number, reads: number, depth: number, live: number): number {
  const skipped = index === 'ix_follow_scan' ? (depth * live) / found : depth;
  return ROWS_OF_A_REQUEST + reads * counted + ROWS_PER_FOLLOW * skipped;
}

/** Requests over HTTP on 100,000 rows of each family; docs/performance.md has their times. */
describe('at size', () => {
  let app: TestApp;
  let token: string;
  let follows: JoinedFollow[];
  let known: Known;

  beforeAll(async () => {
    app = await TestApp.start({
      fill: (dataSource) => fill(dataSource, { relations: FOLLOWS, seed: 1 }),
      settings: { DATABASE_POOL_SIZE: '1' }, // all statements on one session, which counts them
    });
    token = await app.login(ADMIN.username, PASSWORD);
    follows = await readFollows(app);
    known = { tags: await tagsByUse(app), bound: follows.find(({ uid }) => uid)! };
    await list({}); // fills the caches of the enterprise
  });

  afterAll(() => app.stop());

  const list = async (search: object, page = 1, per_page = 15) => {
    const path = `/business/${TENANT.uniacid}/plugin/WechatCustomers/getList`;
    const { body } = await app.send(path, { token, json: { search, page, per_page } });
    expect(body.result).toBe(1);
    return body.data;
  };

  /** Makes the cached totals stale. */
  const forgetTotals = () => app.dataSource.getRepository(Enterprise).increment({ id: 1 }, 'followsRevision', 1);

  describe.each([
    { what: 'the first page', page: 1, perPage: 15 },
    { what: 'page 100', page: 100, perPage: 15 },
    { what: 'page 10,000', page: 10_000, perPage: 5 },
  ])('getList, $what', ({ page, perPage }) => {
    const offset = (page - 1) * perPage;

    test.each(CASES)('%s: the right rows, the right total', async (_what, index, filterOf, countedOf, reads = 2) => {
      const { search, passes } = filterOf(known);
      const found = follows.filter(passes);
      const ids = found.slice(offset, offset + perPage).map(({ id }) => id);
      const ask = async () => {
        const { total, count, data } = await list(search, page, perPage);
        expect([total, count]).toEqual([found.length, found.length]);
        expect(data.map(({ id }: JoinedFollow) => id)).toEqual(ids);
      };
      const counted = follows.filter(countedOf(known).passes).length;
      const depth = offset < found.length ? offset + perPage : 0;
      const most = mostRows(index, found.length, counted, reads, depth, follows.length);
      await expectFewerRows(most, app, ask, forgetTotals);
    });
  });

  if (engine === 'sqlite') {
    test.each(CASES)('getList, %s: every table is read through an index', async (_what, index, filterOf) => {
      await forgetTotals();
      const plan = await plansOf(app, () => list(filterOf(known).search));
      expect(plan.filter(isScan)).toEqual([]);
      const through = [TERM, TAG].includes(index) ? `sqlite_autoindex_${index}_1` : index;
      expect(plan.join('\n')).toContain(`INDEX ${through}`);
    });
  }

  test('200 random filters and pages are the same by getList and by relations', async () => {
    const random = new Random(20_261_126);
    const tags = await app.dataSource.manager.find(Tag, { where: TENANT, order: { id: 'ASC' } });
    const contacts = await app.dataSource.manager.find(Contact, { where: TENANT, order: { id: 'ASC' }, take: 5_000 });
    let filled = 0;
    for (let n = 0; n < 200; n++) {
      const search = randomSearch(random, tags, contacts);
      const page = random.pick([1, 1, 1, 2, 5, 40]);
      const perPage = random.between(1, 30);
      if ((await expectSame(app, token, search, page, perPage)) > (page - 1) * perPage) filled++;
    }
    expect(filled).toBeGreaterThan(100);
  });

  describe('get_list of a user with 5,000 relations', () => {
    let bigUser: string;
    let rows: { customer_id: number; created: string; reference: string }[];

    beforeAll(async () => {
      bigUser = await app.login(`user-${BIG_USER_ID}`, PASSWORD);
      rows = await app.dataSource.query(
        'SELECT customer_id, created, reference FROM user_customer WHERE user_id = ? ORDER BY created DESC, customer_id DESC',
        [BIG_USER_ID],
      );
    });

    const ask = async (json: object) => {
      const { code, result } = await call(app, 'user_customer/get_list', json, bigUser);
      expect(code).toBe(200);
      return result;
    };

    const MONTH_OF_2025 = { start_time: '2025-03-01', end_time: '2025-03-31' };
    const isOfMonth = ({ created }: (typeof rows)[0]) => created.startsWith('2025-03');
    const referenced = () => rows.find(({ reference }) => reference !== '')!;

    /** `looked`: how many of the user's relations must be read. */
    const cases: [what: string, ask: () => object, passes: (row: (typeof rows)[0]) => boolean, looked: () => number][] =
      [
        ['page 1', () => ({}), () => true, () => rows.length],
        ['page 100', () => ({ page_index: 100 }), () => true, () => rows.length],
        ['page 1000', () => ({ page_index: 1000 }), () => true, () => rows.length],
        ['a month', () => MONTH_OF_2025, isOfMonth, () => rows.filter(isOfMonth).length],
        [
          'a customer',
          () => ({ condition: [['customer_id', '=', rows[77]!.customer_id]] }),
          (row) => row === rows[77],
          () => 1,
        ],
        [
          'a reference',
          () => ({ condition: [['reference', '=', referenced().reference]] }),
          ({ reference }) => reference === referenced().reference,
          () => 2 * rows.length,
        ],
      ];

    test.each(cases)('%s: the right rows, the right total', async (_what, parameters, passes, looked) => {
      const { page_index = 1 } = parameters() as { page_index?: number };
      const found = rows.filter(passes);
      const page = found.slice((page_index - 1) * 5, page_index * 5);
      const request = async () => {
        const { total_records, data } = await ask({ page_size: 5, ...parameters() });
        expect(total_records).toBe(found.length);
        expect(data).toMatchObject(
          page.map(({ customer_id, created }) => ({ user_id: BIG_USER_ID, customer_id, created })),
        );
        expect(data).toHaveLength(page.length);
      };
      await expectFewerRows(50 + 1.5 * looked() + 3 * 5 * (page_index - 1), app, request);
    });

    if (engine === 'sqlite') {
      test.each(cases)('%s: every table is read through an index', async (_what, parameters) => {
        const plan = await plansOf(app, () => ask({ page_size: 5, ...parameters() }));
        expect(plan.filter(isScan)).toEqual([]);
        expect(plan.join('\n')).toMatch(/SEARCH user_customer USING .*\(user_id=\?/);
      });
    }
  });
});

async function readFollows({ dataSource }: TestApp): Promise<JoinedFollow[]> {
  const rows = await dataSource.query<(Omit<JoinedFollow, 'tags'> & { tagIds: string })[]>(
    `SELECT f.id, f.userid AS owner, f.external_userid AS externalUserid, f.remark, f.tag_id AS tagIds, f.createtime,
       f.add_way AS addWay, f.status, c.name, c.uid, c.external_type AS externalType
     FROM wechat_follow f
     LEFT JOIN wechat_customer c ON c.uniacid = f.uniacid AND c.crop_id = f.crop_id
       AND c.external_userid = f.external_userid AND c.deleted_at IS NULL
     WHERE f.uniacid = ? AND f.crop_id = ? AND f.deleted_at IS NULL
     ORDER BY f.id DESC`,
    [TENANT.uniacid, TENANT.enterpriseId],
  );
  return rows.map(({ tagIds, ...row }) => ({ ...row, tags: tagIds.split(',').filter(Boolean) }));
}

/** The generator creates the most used tags first. */
async function tagsByUse({ dataSource }: TestApp): Promise<string[]> {
  const rows = await dataSource.query<{ tag_id: string }[]>(
    'SELECT tag_id FROM wechat_tag WHERE uniacid = ? AND crop_id = ? ORDER BY id',
    [TENANT.uniacid, TENANT.enterpriseId],
  );
  return rows.map(({ tag_id }) => tag_id);
}

/** Rows that MariaDB has read on the app's only connection since it was opened. */
async function rowsRead({ dataSource }: TestApp): Promise<number> {
  const rows = await dataSource.query<{ Value: string }[]>("SHOW SESSION STATUS LIKE 'Handler_read%'");
  return rows.reduce((sum, { Value }) => sum + Number(Value), 0);
}

/**
 * Sends a request, which on MariaDB, where rows are counted, must read fewer than `most`. One of three tries must: the
 * timer of the sessions sometimes reads a row or two in between.
 */
async function expectFewerRows(
  most: number,
  app: TestApp,
  request: () => Promise<unknown>,
  prepare?: () => Promise<unknown>,
): Promise<void> {
  if (engine === 'sqlite') {
    await prepare?.();
    await request();
    return;
  }
  const tries: number[] = [];
  while (tries.length < 3 && !tries.some((read) => read < most)) {
    await prepare?.();
    const before = await rowsRead(app);
    await request();
    tries.push((await rowsRead(app)) - before);
  }
  expect(Math.min(...tries)).toBeLessThan(most);
}

/** SQLite's plans for the statements that a request sends through Sql. */
async function plansOf({ app, dataSource }: TestApp, request: () => Promise<unknown>): Promise<string[]> {
  const reader = app.get(Sql);
  const sent: Statement[] = [];
  const read = { rows: reader.rows.bind(reader), joinedRows: reader.joinedRows.bind(reader) };
  const noting = (readRows: typeof read.rows) => (statement: Statement) => {
    sent.push(statement);
    return readRows<never>(statement);
  };
  Object.assign(reader, { rows: noting(read.rows), joinedRows: noting(read.joinedRows) });
  await request();
  Object.assign(reader, read);
  const plans = sent.map(({ sql, values }) =>
    dataSource.query<{ detail: string }[]>(`EXPLAIN QUERY PLAN ${sql}`, values),
  );
  return (await Promise.all(plans)).flat().map(({ detail }) => detail);
}

/** Reads the whole of a table that grows with the follows or relations. */
const isScan = (step: string) =>
  /^SCAN (wechat_\w+|entry_\d+|worn|user_customer)/.test(step) && !/USING (COVERING )?INDEX/.test(step);
