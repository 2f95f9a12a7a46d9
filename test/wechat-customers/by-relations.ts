import { In, SelectQueryBuilder } from 'typeorm';
import { Contact } from '../../src/wechat-customers/entities/contact.entity';
import { Employee } from '../../src/wechat-customers/entities/employee.entity';
import { Follow } from '../../src/wechat-customers/entities/follow.entity';
import type { TestApp } from '../app';

/** The tenant of the demo data, with 60 % of the large data's follows. */
export const TENANT = { uniacid: 2, enterpriseId: 1 };
const LIST = '/business/2/plugin/WechatCustomers/getList';

/** `search[…]` of getList. */
export interface Search {
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
export async function pageOf(app: TestApp, search: Search, page: number, perPage: number) {
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

const NOT_ON_THE_WIRE = [
  'customer_pk',
  'customer_uid',
  'external_type',
  'lost_at',
  'lost_by',
  'touched_revision',
  'event_time',
];

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
export async function expectSame(app: TestApp, token: string, search: Search, page: number, perPage: number) {
  const { body } = await app.send(LIST, { token, json: { search, page, per_page: perPage } });
  const expected = await pageOf(app, search, page, perPage);
  const asked = { search, page, perPage };
  expect({ ...asked, total: body.data.total, data: body.data.data }).toEqual({ ...asked, ...expected });
  return expected.total;
}
