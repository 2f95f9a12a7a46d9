import { Between, DataSource, FindOptionsWhere, In, LessThan, MoreThan } from 'typeorm';
import { UserCustomerAudit } from './user-customer-audit.entity';

const ROWS_PER_READ = 100;
const ROWS_PER_DELETE = 1000;

/** Which changes to list; a property left out does not narrow. */
export interface AuditFilter {
  user?: number;
  customer?: number;
  /** Wall clock in UTC+8, inclusive. */
  from?: string;
  /** Wall clock in UTC+8, inclusive. */
  to?: string;
}

/** The changes of relations of family A, oldest first, one JSON object each. */
export async function* auditLines(dataSource: DataSource, filter: AuditFilter): AsyncGenerator<string> {
  const { user, customer, from = '', to = '9999' } = filter;
  const where: FindOptionsWhere<UserCustomerAudit> = {
    ...(user !== undefined && { userId: user }),
    ...(customer !== undefined && { customerId: customer }),
    at: Between(from, to),
  };
  const changes = dataSource.getRepository(UserCustomerAudit);
  for (let last = 0, rows: UserCustomerAudit[]; ; last = rows.at(-1)!.id) {
    rows = await changes.find({ where: { ...where, id: MoreThan(last) }, order: { id: 'ASC' }, take: ROWS_PER_READ });
    for (const row of rows) yield JSON.stringify(toLine(row));
    if (rows.length < ROWS_PER_READ) return;
  }
}

/**
 * Deletes the changes before a time in steps, so that no writer waits long for a lock.
 * @param before wall clock in UTC+8
 * @returns the number of changes deleted
 */
export async function pruneAudit(dataSource: DataSource, before: string): Promise<number> {
  const changes = dataSource.getRepository(UserCustomerAudit);
  for (let deleted = 0; ;) {
    const rows = await changes.find({
      select: { id: true },
      where: { at: LessThan(before) },
      order: { id: 'ASC' },
      take: ROWS_PER_DELETE,
    });
    if (rows.length === 0) return deleted;
    const { affected } = await changes.delete({ id: In(rows.map(({ id }) => id)) });
    deleted += affected ?? 0;
  }
}

function toLine(row: UserCustomerAudit) {
  const all = {
    template: { old: row.oldTemplate, new: row.newTemplate },
    script: { old: row.oldScript, new: row.newScript },
    reference: { old: row.oldReference, new: row.newReference },
  };
  const { id, at, actorId: actor_id, action, userId: user_id, customerId: customer_id } = row;
  const changes = Object.fromEntries(Object.entries(all).filter(([field]) => row.fields.split(',').includes(field)));
  return { id, at, actor_id, action, user_id, customer_id, changes };
}
