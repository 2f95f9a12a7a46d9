import type { EntityManager } from 'typeorm';
import { wallClock } from '../base/time';
import type { SqlValue, Statement } from '../database/sql';
import { send } from '../database/transaction';
import { addressOf } from '../http/edge/client-address';
import type { Changes } from './changes';

/**
 * What entries are about. `choice`: the enterprise that a user manages; `credential`: an enterprise's access to WeCom;
 * `follow`: what is written back to WeCom or moved in, as are `tag` and `employee`; `audit`: the log itself.
 */
export const KINDS = [
  ...(['account', 'sign-in', 'enterprise', 'right', 'choice', 'customer', 'relation'] as const),
  ...(['credential', 'tag', 'employee', 'follow', 'audit'] as const),
] as const;
export type Kind = (typeof KINDS)[number];

/**
 * What happened. Of an account `password`: a new one; of a sign-in `success`, `wrong`: a wrong password, `limited`:
 * refused after too many of them, `end`: signed out.
 */
export type Action = 'add' | 'edit' | 'delete' | 'password' | 'success' | 'wrong' | 'limited' | 'end';

/** Who does something: a signed-in user, or a command's {@link operator}. */
export interface EntryActor {
  /** Null for a command. */
  userId: number | null;
  username: string;
}

/** An entry of the audit log, as the code that makes the change knows it. */
export interface Entry {
  kind: Kind;
  action: Action;
  /** Null if nobody is signed in. */
  actor: EntryActor | null;
  /** The client's address, of sign-ins. */
  address?: string;
  /** The user, customer and enterprise that it is about. */
  userId?: number | null;
  customerId?: number;
  enterpriseId?: number;
  /** Never a password, code, hash or token. */
  changes?: Changes;
}

const COLUMNS = [
  ...['at', 'kind', 'action', 'actor_id', 'actor', 'address'],
  ...['user_id', 'customer_id', 'enterprise_id', 'changes'],
];
const ROW = `(${COLUMNS.map(() => '?').join(', ')})`;
const INSERT = `INSERT INTO audit_entry (${COLUMNS.join(', ')}) VALUES `;
/** The text of nearly every note, built once: a tenth of what a note costs before its statement is sent (4 µs). */
const INSERT_ONE = INSERT + ROW;

/**
 * Writes entries, in one statement; an edit without changes has none.
 * @param manager of the transaction that makes the change, so that neither is there without the other
 * @param entries at most the thousand of a multi_delete: SQLite takes 32,766 values
 */
export async function note(manager: EntityManager, ...entries: Entry[]): Promise<void> {
  const worthy = entries.filter(({ action, changes = {} }) => action !== 'edit' || Object.keys(changes).length > 0);
  if (worthy.length > 0) await send(manager, inserted(...worthy));
}

/** The statement that writes entries, for a transaction of prepared statements. */
export function inserted(...entries: Entry[]): Statement {
  const at = wallClock();
  const values = entries.flatMap((entry) => [at, ...valuesOf(entry)]);
  if (entries.length === 1) return { sql: INSERT_ONE, values };
  return { sql: INSERT + entries.map(() => ROW).join(', '), values, hasList: true };
}

function valuesOf({ kind, action, actor, address, ...about }: Entry): SqlValue[] {
  const { userId = null, customerId = null, enterpriseId = null, changes = {} } = about;
  const who = [actor?.userId ?? null, actor?.username ?? null];
  const where = address === undefined ? null : addressOf(address);
  return [kind, action, ...who, where, userId, customerId, enterpriseId, JSON.stringify(changes)];
}
