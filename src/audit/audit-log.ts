import { Between, DataSource, FindOptionsWhere, IsNull, Like, MoreThan, ObjectLiteral, Repository } from 'typeorm';
import { AuditEntry } from './audit-entry.entity';
import type { Kind } from './note';
import { UserCustomerAudit } from './user-customer-audit.entity';

const ROWS_PER_READ = 100;

/** Which entries to list; a property left out does not narrow. */
export interface AuditFilter {
  kind?: Kind;
  /** A user_id, or `command` for all commands. */
  actor?: number | 'command';
  user?: number;
  customer?: number;
  enterprise?: number;
  /** Wall clock in UTC+8, inclusive. */
  from?: string;
  /** Wall clock in UTC+8, inclusive. */
  to?: string;
}

/** The entries, oldest first, one JSON object each; those of 0.3.0 and before, of relations only, are among them. */
export async function* auditLines(dataSource: DataSource, filter: AuditFilter): AsyncGenerator<string> {
  const entries = rows(dataSource.getRepository(AuditEntry), entriesOf(filter));
  const former = mayMatchFormer(filter)
    ? rows(dataSource.getRepository(UserCustomerAudit), formerEntriesOf(filter))
    : undefined;
  let entry = await entries.next();
  let before = await former?.next();
  while (!entry.done || (before && !before.done)) {
    if (before && !before.done && (entry.done || before.value.at <= entry.value.at)) {
      yield JSON.stringify(lineOfFormer(before.value));
      before = await former!.next();
    } else if (!entry.done) {
      yield JSON.stringify(lineOf(entry.value));
      entry = await entries.next();
    }
  }
}

/** Rows by id, read in steps. */
async function* rows<Row extends ObjectLiteral & { id: number }>(
  repository: Repository<Row>,
  where: FindOptionsWhere<Row>,
): AsyncGenerator<Row, undefined> {
  for (let last = 0; ;) {
    const found = await repository
      .createQueryBuilder('entry')
      .where(where)
      .andWhere({ id: MoreThan(last) })
      .orderBy('entry.id')
      .take(ROWS_PER_READ)
      .getMany();
    yield* found;
    if (found.length < ROWS_PER_READ) return undefined;
    last = found.at(-1)!.id;
  }
}

function entriesOf({ kind, actor, user, customer, enterprise, ...time }: AuditFilter): FindOptionsWhere<AuditEntry> {
  return {
    ...(kind !== undefined && { kind }),
    ...(actor === 'command' && { actorId: IsNull(), actor: Like('command:%') }),
    ...(typeof actor === 'number' && { actorId: actor }),
    ...(user !== undefined && { userId: user }),
    ...(customer !== undefined && { customerId: customer }),
    ...(enterprise !== undefined && { enterpriseId: enterprise }),
    at: between(time),
  };
}

function formerEntriesOf({ actor, user, customer, ...time }: AuditFilter): FindOptionsWhere<UserCustomerAudit> {
  return {
    ...(typeof actor === 'number' && { actorId: actor }),
    ...(user !== undefined && { userId: user }),
    ...(customer !== undefined && { customerId: customer }),
    at: between(time),
  };
}

const between = ({ from = '', to = '9999' }: Pick<AuditFilter, 'from' | 'to'>) => Between(from, to);

/** Entries of 0.3.0 are changes of relations by signed-in users. */
function mayMatchFormer({ kind = 'relation', actor, enterprise }: AuditFilter): boolean {
  return kind === 'relation' && actor !== 'command' && enterprise === undefined;
}

function lineOf(row: AuditEntry) {
  const { id, at, kind, actor, action, actorId: actor_id, userId, customerId, enterpriseId, address } = row;
  const subject = present({ user_id: userId, customer_id: customerId, enterprise_id: enterpriseId });
  return {
    id,
    at,
    actor_id,
    action,
    ...subject,
    changes: JSON.parse(row.changes) as object,
    kind,
    actor,
    ...present({ address }),
  };
}

function lineOfFormer(row: UserCustomerAudit) {
  const all = {
    template: { old: row.oldTemplate, new: row.newTemplate },
    script: { old: row.oldScript, new: row.newScript },
    reference: { old: row.oldReference, new: row.newReference },
  };
  const { id, at, actorId: actor_id, action, userId: user_id, customerId: customer_id } = row;
  const changes = Object.fromEntries(Object.entries(all).filter(([field]) => row.fields.split(',').includes(field)));
  return { id, at, actor_id, action, user_id, customer_id, changes, kind: 'relation' };
}

const present = (values: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
