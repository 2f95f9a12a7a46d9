import { In, SelectQueryBuilder } from 'typeorm';
import { ADMIN, PASSWORD } from '../../bench/data/accounts';
import { LAST_MOMENT, SPAN_SECONDS } from '../../bench/data/calendar';
import { fill } from '../../bench/data/fill';
import { TERMS } from '../../bench/data/names';
import { Random } from '../../bench/data/random';
import { Contact } from '../../src/wechat-customers/entities/contact.entity';
import { Employee } from '../../src/wechat-customers/entities/employee.entity';
import { Follow } from '../../src/wechat-customers/entities/follow.entity';
import { Tag } from '../../src/wechat-customers/entities/tag.entity';
import { TestApp } from '../app';
import { buildContact, buildEmployee, buildFollow, buildTag } from '../factories';

/** The tenant of the demo data, with 60 % of the large data's follows. */
const TENANT = { uniacid: 2, enterpriseId: 1 };
const LIST = '/business/2/plugin/WechatCustomers/getList';
const DELETED = '2024-01-02 03:04:05';
const DAY = 86_400;

interface Search {
  customer?: string;
  member?: number;
  add_way_type?: number;
  tags_data?: string[];
  tags_mode?: 'any' | 'all' | 'exclude' | 'none';
  employee_member?: string;
  type?: number;
  status?: number;
  time?: [from: number | '', to: number | ''];
  remark?: string;
}

/** The tenant's follows that match a search, by their relations alone: no derived column, no search row. */
function followsOf({ dataSource }: TestApp, search: Search): SelectQueryBuilder<Follow> {
  const query = dataSource.getRepository(Follow).createQueryBuilder('follow').where(TENANT);
  const { customer, member, add_way_type, tags_data = [], tags_mode = 'any', employee_member, type, status } = search;
  const { time = ['', ''], remark } = search;
  if ((customer ?? member ?? type) !== undefined) query.leftJoin('follow.hasOneCustomer', 'contact');
  if (customer !== undefined) {
    const byName = 'contact.name LIKE :name OR contact.externalUserid = :externalUserid';
    query.andWhere(`(${byName})`, { name: `%${customer}%`, externalUserid: customer });
  }
  if (member !== undefined) query.andWhere('contact.memberUid = :member', { member });
  if (type !== undefined) query.andWhere('contact.externalType = :type', { type });
  if (add_way_type !== undefined) query.andWhere({ addWay: String(add_way_type) });
  if (employee_member !== undefined) query.andWhere({ userid: employee_member });
  if (status !== undefined) query.andWhere({ status });
  if (time[0] !== '') query.andWhere('follow.createtime >= :from', { from: time[0] });
  if (time[1] !== '') query.andWhere('follow.createtime <= :to', { to: time[1] });
  if (remark !== undefined) query.andWhere('follow.remark LIKE :remark', { remark: `%${remark}%` });
  if (tags_mode === 'none' || tags_data.length > 0) {
    const tagged = query.subQuery().select('tagged.id').from(Follow, 'tagged').innerJoin('tagged.tags', 'tag');
    if (tags_mode !== 'none') tagged.where('tag.tagId IN (:...tags)', { tags: tags_data });
    if (tags_mode === 'all') tagged.groupBy('tagged.id').having('COUNT(*) = :all', { all: tags_data.length });
    const is = tags_mode === 'none' || tags_mode === 'exclude' ? 'NOT IN' : 'IN';
    query.andWhere(`follow.id ${is} ${tagged.getQuery()}`).setParameters(tagged.getParameters());
  }
  return query;
}

/** The page of getList, read by `find` with the relations. */
async function pageOf(app: TestApp, search: Search, page: number, perPage: number) {
  const query = followsOf(app, search);
  const total = await query.getCount();
  const ids = await query
    .select('follow.id', 'id')
    .orderBy('follow.id', 'DESC')
    .offset((page - 1) * perPage)
    .limit(perPage)
    .getRawMany<{ id: number }>();
  const follows = await app.dataSource.manager.find(Follow, {
    where: { id: In(ids.map(({ id }) => id)) },
    relations: { hasOneCustomer: true, hasOneEmployee: true, tags: true },
    order: { id: 'DESC', tags: { id: 'DESC' } },
  });
  return { total, data: follows.map((follow) => toRow(app, follow)) };
}

const NOT_ON_THE_WIRE = ['customer_pk', 'customer_uid', 'external_type', 'lost_at'];

function toRow({ dataSource }: TestApp, follow: Follow) {
  const columns = (entity: typeof Follow | typeof Contact | typeof Employee, row: object) =>
    dataSource
      .getMetadata(entity)
      .columns.map(({ databaseName, propertyName }) => [databaseName, row[propertyName as keyof typeof row]] as const);
  const { hasOneCustomer, hasOneEmployee, tags } = follow;
  return {
    ...Object.fromEntries(columns(Follow, follow).filter(([name]) => !NOT_ON_THE_WIRE.includes(name))),
    tag_name: tags!.map(({ name }) => name).join(','),
    has_one_customer: hasOneCustomer && Object.fromEntries(columns(Contact, hasOneCustomer)),
    has_one_employee: hasOneEmployee && Object.fromEntries(columns(Employee, hasOneEmployee)),
  };
}

/** Compares a page of getList with the same page read by relations. @returns the total */
async function expectSame(app: TestApp, token: string, search: Search, page: number, perPage: number) {
  const { body } = await app.send(LIST, { token, json: { search, page, per_page: perPage } });
  const expected = await pageOf(app, search, page, perPage);
  const asked = { search, page, perPage };
  expect({ ...asked, total: body.data.total, data: body.data.data }).toEqual({ ...asked, ...expected });
  return expected.total;
}

describe('rows of getList are the follows with their relations', () => {
  let app: TestApp;
  let token: string;

  beforeAll(async () => {
    app = await TestApp.start();
    token = await app.manage(TENANT.enterpriseId);
  });

  afterAll(() => app.stop());

  test.each([1, 2, 3, 4])('the golden page and all that follow it: page %i', async (page) => {
    expect(await expectSame(app, token, {}, page, 15)).toBe(45);
  });

  test('a deleted contact, employee or tag is not shown', async () => {
    const deleted = { ...TENANT, deletedAt: DELETED };
    const [gone, kept] = [await buildTag(app.dataSource, deleted), await buildTag(app.dataSource, TENANT)];
    const contact = await buildContact(app.dataSource, deleted);
    const employee = await buildEmployee(app.dataSource, deleted);
    const { id } = await buildFollow(app.dataSource, { ...TENANT, contact, employee, tags: [gone, kept] });
    await buildFollow(app.dataSource, { ...deleted });
    const [row] = (await pageOf(app, {}, 1, 1)).data;
    expect(row).toMatchObject({ id, has_one_customer: null, has_one_employee: null, tag_name: kept.name });
    expect(await expectSame(app, token, {}, 1, 15)).toBe(46);
  });
});

describe('pages of 100,000 follows by getList and by relations', () => {
  let app: TestApp;
  let token: string;

  beforeAll(async () => {
    app = await TestApp.start({ fill: (dataSource) => fill(dataSource, { relations: 100_000, seed: 1 }) });
    token = await app.login(ADMIN.username, PASSWORD);
  }, 120_000);

  afterAll(() => app.stop());

  test('200 random filters and pages', async () => {
    const random = new Random(20_261_126);
    const known = await app.dataSource.manager.find(Tag, { where: TENANT, order: { id: 'ASC' } });
    const some = await app.dataSource.manager.find(Contact, { where: TENANT, order: { id: 'ASC' }, take: 5_000 });
    let filled = 0;
    for (let n = 0; n < 200; n++) {
      const search = randomSearch(random, known, some);
      const page = random.pick([1, 1, 1, 2, 5, 40]);
      const perPage = random.between(1, 30);
      if ((await expectSame(app, token, search, page, perPage)) > (page - 1) * perPage) filled++;
    }
    expect(filled).toBeGreaterThan(100);
  }, 180_000);
});

/** One to three filters. */
function randomSearch(random: Random, known: Tag[], contacts: Contact[]): Search {
  const search: Search = {};
  for (let n = random.between(1, 3); n > 0; n--) Object.assign(search, random.pick(FILTERS)(random, known, contacts));
  return search;
}

const FILTERS: ((random: Random, known: Tag[], contacts: Contact[]) => Search)[] = [
  (random) => ({ customer: random.pick(['王', '李建', TERMS.common, TERMS.one, TERMS.none]) }),
  (random, _, contacts) => ({ customer: random.pick(contacts).externalUserid }),
  (random, _, contacts) => ({ member: random.chance(0.5) ? 0 : random.pick(contacts).memberUid }),
  (random) => ({ add_way_type: random.pick([0, 1, 2, 8, 9, 202]) }),
  (random, known) => ({ ...someTags(random, known), tags_mode: random.pick(['any', 'all', 'exclude'] as const) }),
  (random, known) => ({ ...someTags(random, known), tags_mode: 'any' }),
  () => ({ tags_data: [], tags_mode: 'none' }),
  (random) => ({ employee_member: `Member${String(random.between(1, 100)).padStart(4, '0')}` }),
  (random) => ({ type: random.between(1, 2) }),
  (random) => ({ status: random.pick([1, -1]) }),
  (random) => ({ remark: random.pick(['王', '上海', '上海采购', TERMS.common, TERMS.one]) }),
  (random) => {
    const from = LAST_MOMENT - random.below(SPAN_SECONDS);
    return { time: [random.chance(0.2) ? '' : from, random.chance(0.2) ? '' : from + random.between(1, 400) * DAY] };
  },
];

/** One to nine tags; the first ones are on far more follows. */
function someTags(random: Random, known: Tag[]): Search {
  const first = random.pick([0, 0, 50, 290]);
  return { tags_data: known.slice(first, first + random.pick([1, 1, 2, 3, 9])).map(({ tagId }) => tagId) };
}
