import { DataSource, FindOptionsWhere, In, LessThan, Not, ObjectLiteral, Repository } from 'typeorm';
import { AuditEntry } from './audit-entry.entity';
import { note } from './note';
import { operator } from './operator';
import { UserCustomerAudit } from './user-customer-audit.entity';

const ROWS_PER_DELETE = 1000;

/**
 * Deletes the entries before a time in steps, so that no writer waits long for a lock. What was pruned stays in the log, noted
 * first: a run that is killed has its entry, too.
 * @param before wall clock in UTC+8
 * @returns the number of entries deleted
 */
export async function pruneAudit(dataSource: DataSource, before: string): Promise<number> {
  await note(dataSource.manager, { kind: 'audit', action: 'delete', actor: operator(), changes: { before } });
  const former = await prune(dataSource.getRepository(UserCustomerAudit), { at: LessThan(before) });
  return former + (await prune(dataSource.getRepository(AuditEntry), { at: LessThan(before), kind: Not('audit') }));
}

async function prune<Row extends ObjectLiteral & { id: number }>(
  repository: Repository<Row>,
  where: FindOptionsWhere<Row>,
): Promise<number> {
  for (let deleted = 0; ;) {
    const found = await repository
      .createQueryBuilder('entry')
      .select('entry.id')
      .where(where)
      .orderBy('entry.id')
      .take(ROWS_PER_DELETE)
      .getMany();
    if (found.length === 0) return deleted;
    const ids = { id: In(found.map(({ id }) => id)) } as FindOptionsWhere<ObjectLiteral> as FindOptionsWhere<Row>;
    const { affected } = await repository.delete(ids);
    deleted += affected ?? 0;
  }
}
