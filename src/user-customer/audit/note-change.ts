import type { SqlValue, Statement } from '../../database/sql';
import { placeholders } from '../../database/where';
import { wallClock } from '../../base/time';

/** The fields that a change can touch; the rest of a relation stays. */
const FIELDS = ['template', 'script', 'reference'] as const;

/** A change of relations of one user, as the audit log keeps it. */
export interface Change {
  actorId: number;
  userId: number;
  customerIds: readonly number[];
  action: 'add' | 'edit' | 'delete';
  /** The new values of an edit; fields it leaves alone are absent. */
  values?: Partial<Record<(typeof FIELDS)[number], SqlValue>>;
}

/**
 * Writes a change to the audit log, in the transaction that makes it: after an insert, before an update or delete of
 * the rows that the transaction has locked. The old values are copied inside the database, whatever their number and
 * size.
 */
export function noteChange({ actorId, userId, customerIds, action, values }: Change): Statement {
  const fields = FIELDS.filter((field) => action !== 'edit' || values?.[field] !== undefined);
  const bound: SqlValue[] = [];
  const bind = (value: SqlValue) => {
    bound.push(value);
    return '?';
  };
  const before = (field: (typeof FIELDS)[number]) => (action === 'add' || !fields.includes(field) ? 'NULL' : field);
  const after = (field: (typeof FIELDS)[number]) => {
    if (action === 'delete' || !fields.includes(field)) return 'NULL';
    return action === 'add' ? field : bind(values?.[field] ?? null);
  };
  const columns = [
    ...[wallClock(), actorId, action].map(bind),
    'user_id',
    'customer_id',
    bind(fields.join(',')),
    ...FIELDS.flatMap((field) => [before(field), after(field)]),
  ];
  return {
    sql: `INSERT INTO user_customer_audit (at, actor_id, action, user_id, customer_id, fields,
        old_template, new_template, old_script, new_script, old_reference, new_reference)
      SELECT ${columns.join(', ')} FROM user_customer WHERE user_id = ? AND customer_id IN (${placeholders(customerIds)})`,
    values: [...bound, userId, ...customerIds],
  };
}
