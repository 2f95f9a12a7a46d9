import type { DataSource, EntityManager, EntityTarget } from 'typeorm';
import { wallClock } from '../../base/time';
import { differs, givenOf } from '../../database/given';
import { Rows } from '../../database/rows';
import { placeholders } from '../../database/where';
import type { Tenant } from '../../enterprise/tenant';
import { Employee } from '../entities/employee.entity';
import { Tag } from '../entities/tag.entity';
import { lockEnterprise, raiseLists } from '../search-index/revisions';
import type { Compared } from './compare';
import { EMPLOYEE_FIELDS, newEmployee, readEmployees } from './employees';
import { linkTags } from './link-tags';
import { addMoved } from './moved';
import { newTag, REVIVED, TAG_FIELDS } from './tags';

type Property<Row> = Extract<keyof Row, string>;
export type ListRow = { id: number; updatedAt: string | null; deletedAt: string | null };

/** Tags or employees, as they are moved in from another system: those that are not given stay. */
export interface List<Row extends ListRow> {
  entity: EntityTarget<Row>;
  /** The column of its key. */
  column: string;
  fields: readonly Property<Row>[];
  keyOf: (row: Partial<Row>) => string;
  /** What is stored, deleted or not, by key. */
  read(manager: EntityManager, tenant: Tenant, keys: string[]): Promise<Map<string, Row>>;
  /** A row without what is given. */
  blank(tenant: Tenant, key: string, now: string): Row;
  /** What is set when a deleted row comes back. */
  revived: Partial<Row>;
}

export const MOVED_TAGS: List<Tag> = {
  entity: Tag,
  column: 'tag_id',
  fields: [...TAG_FIELDS, 'createdAt', 'updatedAt'],
  keyOf: ({ tagId }) => tagId!,
  read: async (manager, { uniacid, enterpriseId }, tagIds) => {
    const of = `uniacid = ? AND crop_id = ? AND tag_id IN (${placeholders(tagIds)})`;
    const tags = await new Rows(manager, Tag).read(of, [uniacid, enterpriseId, ...tagIds]);
    return new Map(tags.map((tag) => [tag.tagId, tag]));
  },
  blank: (tenant, tagId, now) => ({
    ...newTag(tenant, now),
    tagId,
    name: '',
    createTime: 0,
    order: 0,
    groupId: '',
    groupName: '',
  }),
  revived: REVIVED,
};

export const MOVED_EMPLOYEES: List<Employee> = {
  entity: Employee,
  column: 'user_id',
  fields: [...EMPLOYEE_FIELDS, 'memberUid', 'rightType', 'disabled', 'createdAt', 'updatedAt'],
  keyOf: ({ userid }) => userid!,
  read: readEmployees,
  blank: newEmployee,
  revived: { deletedAt: null },
};

/** Compares some hundred rows, each given once, with what is stored, and changes nothing. */
export async function compareMovedList<Row extends ListRow>(
  manager: EntityManager,
  tenant: Tenant,
  list: List<Row>,
  given: Partial<Row>[],
): Promise<Compared<Row>[]> {
  await lockEnterprise(manager, tenant);
  const known = await list.read(manager, tenant, given.map(list.keyOf));
  const now = wallClock();
  return given.map((row) => {
    const stored = known.get(list.keyOf(row));
    const before = stored ?? { ...list.blank(tenant, list.keyOf(row), now), ...givenOf(row, ['id']) };
    const isBack = stored !== undefined && stored.deletedAt !== null;
    const next: Row = { ...before, ...givenOf(row, list.fields), ...(isBack && list.revived) };
    const isChanged = !stored || isBack || differs(stored, next, list.fields);
    if (isChanged && row.updatedAt === undefined) next.updatedAt = now;
    return { stored, next, isChanged };
  });
}

/** Writes what differs, in the transaction that compared. Follows that name a new tag are to be linked later. */
export async function writeMovedList<Row extends ListRow>(
  manager: EntityManager,
  tenant: Tenant,
  list: List<Row>,
  compared: Compared<Row>[],
): Promise<void> {
  const rows = new Rows(manager, list.entity);
  const added = compared.filter(({ stored }) => !stored).map(({ next }) => next);
  const changed = compared.filter(({ stored, isChanged }) => stored && isChanged).map(({ next }) => next);
  if (added.length + changed.length === 0) return;
  await rows.add(await addMoved(rows, added));
  const revived = Object.keys(list.revived) as Property<Row>[];
  await rows.update(changed, [...new Set([...list.fields, ...revived])]);
  await raiseLists(manager, tenant);
}

/** Links the follows that name tags which were moved in after them. */
export async function linkMovedTags(dataSource: DataSource, tenant: Tenant): Promise<void> {
  const of = 'uniacid = ? AND crop_id = ? AND deleted_at IS NULL AND is_linked = 0';
  const tags = await new Rows(dataSource.manager, Tag).read(of, [tenant.uniacid, tenant.enterpriseId]);
  await linkTags(dataSource, tenant, tags);
}
