import type { EntityManager } from 'typeorm';
import { wallClock } from '../../base/time';
import { Rows } from '../../database/rows';
import { sameTextSql } from '../../database/same-text';
import { assertStorable } from '../../database/storable';
import { placeholders } from '../../database/where';
import type { Tenant } from '../../enterprise/tenant';
import { Employee } from '../entities/employee.entity';
import { lockEnterprise, raiseLists } from '../search-index/revisions';
import { fitted } from './fit';

/** What WeCom says of an employee; the member, the kind of right and `disabled` are ours. */
export const EMPLOYEE_FIELDS = [
  'name',
  'mobile',
  'position',
  'gender',
  'telephone',
  'email',
  'avatar',
  'alias',
  'status',
  'qrCode',
  'address',
  'openUserid',
  'mainDepartment',
] as const satisfies (keyof Employee)[];

type EmployeeField = (typeof EMPLOYEE_FIELDS)[number];

/** An employee as WeCom answered. What is absent, as an app may not read it, stays as it is stored. */
export type EmployeeData = Pick<Employee, 'userid'> & Partial<Pick<Employee, EmployeeField>>;

/**
 * Stores employees in the caller's transaction: some hundred at most. Writes only those that differ; a deleted one comes
 * back under its old id.
 * @returns how many are new or differ
 * @throws Unstorable for an id of WeCom that no key can hold
 * @throws StaleSnapshot if the transaction has read before another changed the enterprise; `inTransaction` repeats it
 */
export async function storeEmployees(
  manager: EntityManager,
  tenant: Tenant,
  employees: EmployeeData[],
): Promise<number> {
  if (employees.length === 0) return 0;
  const metadata = manager.dataSource.getMetadata(Employee);
  const given = new Map(employees.map((employee) => [employee.userid, fitted(metadata, employee)]));
  for (const employee of given.values()) assertStorable(metadata, employee);
  await lockEnterprise(manager, tenant);
  const known = await readEmployees(manager, tenant, [...given.keys()]);
  const now = wallClock();
  const added: Employee[] = [];
  const changed: Employee[] = [];
  for (const employee of given.values()) {
    const stored = known.get(employee.userid);
    const next = { ...(stored ?? newEmployee(tenant, employee.userid, now)), ...present(employee), deletedAt: null };
    if (!stored) added.push(next);
    else if (stored.deletedAt !== null || EMPLOYEE_FIELDS.some((field) => stored[field] !== next[field])) {
      changed.push({ ...next, updatedAt: now });
    }
  }
  if (added.length + changed.length === 0) return 0;
  const rows = new Rows(manager, Employee);
  await rows.add(added);
  await rows.update(changed, [...EMPLOYEE_FIELDS, 'updatedAt', 'deletedAt']);
  await raiseLists(manager, tenant);
  return added.length + changed.length;
}

/**
 * Takes an employee's row away in the caller's transaction; the follows stay.
 * @returns whether there was one
 */
export async function removeEmployee(manager: EntityManager, tenant: Tenant, userid: string): Promise<boolean> {
  await lockEnterprise(manager, tenant);
  const { uniacid, enterpriseId } = tenant;
  const of = `uniacid = ? AND business_id = ? AND ${sameTextSql('user_id')}`;
  const values = [uniacid, enterpriseId, userid, userid];
  const live = await new Rows(manager, Employee).read(`${of} AND deleted_at IS NULL`, values);
  if (live.length === 0) return false;
  const now = wallClock();
  await manager.query(`UPDATE wechat_employee SET deleted_at = ?, updated_at = ? WHERE ${of}`, [now, now, ...values]);
  await raiseLists(manager, tenant);
  return true;
}

/** Employees, deleted ones too, by userid. */
export async function readEmployees(
  manager: EntityManager,
  { uniacid, enterpriseId }: Tenant,
  userids: string[],
): Promise<Map<string, Employee>> {
  const rows = await new Rows(manager, Employee).read(
    `uniacid = ? AND business_id = ? AND user_id IN (${placeholders(userids)})`,
    [uniacid, enterpriseId, ...userids],
  );
  return new Map(rows.map((row) => [row.userid, row]));
}

function present(employee: EmployeeData): Partial<Employee> {
  const fields = EMPLOYEE_FIELDS.filter((field) => employee[field] !== undefined);
  return Object.fromEntries(fields.map((field) => [field, employee[field]]));
}

export const newEmployee = (tenant: Tenant, userid: string, now: string): Employee => ({
  id: 0,
  ...tenant,
  memberUid: 0,
  userid,
  name: '',
  mobile: '',
  position: '',
  gender: 0,
  telephone: '',
  email: '',
  avatar: '',
  alias: '',
  status: 1,
  qrCode: '',
  address: '',
  openUserid: '',
  mainDepartment: '',
  updatedAt: now,
  createdAt: now,
  deletedAt: null,
  rightType: 0,
  disabled: 0,
});
