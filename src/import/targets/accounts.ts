import { EntityManager, EntityMetadata, In } from 'typeorm';
import { HIDDEN } from '../../audit/changes';
import { Entry, EntryActor, note } from '../../audit/note';
import { Session } from '../../auth/entities/session.entity';
import { User } from '../../auth/entities/user.entity';
import { wallClock } from '../../base/time';
import { Rows } from '../../database/rows';
import { placeholders } from '../../database/where';
import type { Compared } from '../../wechat-customers/write/compare';
import type { Context, Plan } from '../kinds/kind';
import { changesOf, compareRow, outcomeOf, writeRows } from './compared';

export type GivenAccount = Partial<User> & Pick<User, 'userId' | 'username'>;

/** All that a client is shown, which the audit log may hold, too. */
const SHOWN = [
  ...(['username', 'isSuper', 'isAvailable', 'mobile', 'description'] as const),
  ...(['extension', 'email', 'address', 'reference', 'created'] as const),
];
const GIVEN = [...SHOWN, 'passwordHash'] as const;

export async function compareAccounts(manager: EntityManager, rows: GivenAccount[], context: Context): Promise<Plan> {
  const known = await readAccounts(manager, rows, context.lock);
  const byId = new Map(known.map((user) => [user.userId, user]));
  const byName = new Map(known.map((user) => [user.username, user.userId]));
  const shared = await sharedMobiles(manager, rows);
  const now = wallClock();
  const compared = rows.map((row) => compareAccount(byId.get(row.userId), row, now));
  const refusals = rows.map(({ userId, username }) => {
    if ((byName.get(username) ?? userId) !== userId) return 'another account has the user name';
    // The passwords, relations and rights of an account are a person's: none of another name takes them over.
    return (byId.get(userId)?.username ?? username) !== username ? 'another account has the user_id' : undefined;
  });
  return {
    outcomes: compared.map((each, i) => {
      if (refusals[i]) return { refused: refusals[i] };
      const remark = remarkOn(rows[i]!, each, shared);
      return remark ? { taken: outcomeOf(each), remark } : outcomeOf(each);
    }),
    write: async () => {
      const written = compared.filter(({ isChanged }, i) => isChanged && !refusals[i]);
      await writeRows(manager, User, written, GIVEN);
      const closed = written.filter(({ next }) => next.isAvailable === 0).map(({ next }) => next.userId);
      if (closed.length > 0) await manager.delete(Session, { userId: In(closed) });
      await note(manager, ...written.map((each) => entryOf(each, context.metadataOf(User), context.actor)));
    },
  };
}

/** Those with an id or a name of the rows. */
async function readAccounts(manager: EntityManager, rows: GivenAccount[], lock: string): Promise<User[]> {
  const ids = rows.map(({ userId }) => userId);
  const names = rows.map(({ username }) => username);
  const accounts = new Rows(manager, User);
  const byId = await accounts.read(`user_id IN (${placeholders(ids)}) ${lock}`, ids);
  const byName = await accounts.read(`username IN (${placeholders(names)}) ${lock}`, names);
  return [...byId, ...byName];
}

/** A password that an account has stays: it may have been changed, or hashed anew, since the original's was taken. */
function compareAccount(stored: User | undefined, row: GivenAccount, now: string): Compared<User> {
  const given = stored?.passwordHash ? { ...row, passwordHash: undefined } : row;
  return compareRow(stored, blank(row, now), given, GIVEN);
}

/** Mobile numbers of the rows that several accounts will have: none of these signs in by it (CONTRACT 1.2). */
async function sharedMobiles(manager: EntityManager, rows: GivenAccount[]): Promise<Set<string>> {
  const mobiles = [...new Set(rows.flatMap(({ mobile }) => mobile || []))];
  const stored = mobiles.length > 0 ? await manager.findBy(User, { mobile: In(mobiles) }) : [];
  const owners = new Map<string, number>();
  const shared = new Set<string>();
  for (const { mobile, userId } of [...rows, ...stored]) {
    if (!mobile) continue;
    if ((owners.get(mobile) ?? userId) !== userId) shared.add(mobile);
    owners.set(mobile, userId);
  }
  return shared;
}

function remarkOn(
  row: GivenAccount,
  { stored, next }: Compared<User>,
  shared: ReadonlySet<string>,
): string | undefined {
  const keepsPassword = stored && row.passwordHash !== undefined && row.passwordHash !== next.passwordHash;
  if (keepsPassword) return 'taken, but an account that exists keeps its password';
  return shared.has(next.mobile) ? 'taken, but no account signs in by a mobile number that another has too' : undefined;
}

function entryOf(account: Compared<User>, metadata: EntityMetadata, actor: EntryActor): Entry {
  const { stored, next } = account;
  const hasNewHash = stored !== undefined && stored.passwordHash !== next.passwordHash;
  const changes = { ...changesOf(metadata, SHOWN, account), ...(hasNewHash && { password_hash: HIDDEN }) };
  return { kind: 'account', action: stored ? 'edit' : 'add', actor, userId: next.userId, changes };
}

const blank = ({ userId, username }: GivenAccount, now: string): User => ({
  userId,
  username,
  passwordHash: '',
  isSuper: 0,
  isAvailable: 1,
  mobile: '',
  description: '',
  extension: '',
  email: '',
  address: '',
  reference: '',
  created: now,
});
