import type { DataSource } from 'typeorm';
import { changesBetween, Values } from '../audit/changes';
import { EntryActor, note } from '../audit/note';
import { forgetGuessesAt } from './attempts/allowances';
import { Session } from './entities/session.entity';
import { User } from './entities/user.entity';
import { hashPassword, lengthFault, PASSWORD_LENGTH } from './passwords';
import { dialectOf } from '../database/dialect';
import { isDuplicateKey } from '../database/errors';
import { insertRows } from '../database/insert';
import { sameText } from '../database/same-text';
import { assertStorable } from '../database/storable';
import { inTransaction } from '../database/transaction';
import { wallClock } from '../base/time';
import { OperatorError } from '../base/operator-error';

/** Changes to an account besides its name and password; undefined properties stay unchanged. */
export interface AccountChanges {
  super?: boolean;
  /** False closes the account: it cannot sign in, and its tokens are refused within a second. */
  open?: boolean;
  email?: string;
  mobile?: string;
}

/**
 * Creates an account.
 * @param changes `id` is its user_id, by default the highest one plus 1
 * @param actor who creates it, for the audit log, as in all functions here
 * @returns its user_id
 * @throws OperatorError if the name or id exists, or a text has a wrong length
 */
export async function addAccount(
  dataSource: DataSource,
  username: string,
  password: string,
  changes: AccountChanges & { id?: number },
  actor: EntryActor,
): Promise<number> {
  assertStorable(dataSource.getMetadata(User), { userId: changes.id, username, ...changes });
  assertPasswordLength(password);
  const passwordHash = await hashPassword(password);
  const userId = changes.id ?? ((await dataSource.manager.maximum(User, 'userId')) ?? 0) + 1;
  try {
    await inTransaction(dataSource, async (manager) => {
      await insertRows(manager, User, { userId, username, passwordHash, created: wallClock(), ...columnsOf(changes) });
      const values = { username, ...notedOf(changes) };
      await note(manager, { kind: 'account', action: 'add', actor, userId, changes: changesBetween(null, values) });
    });
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    const isNameTaken = await dataSource.manager.existsBy(User, { username });
    throw new OperatorError(isNameTaken ? `user name ${username} exists` : `user id ${userId} exists`);
  }
  return userId;
}

/**
 * Sets a new password, ends all sessions of the account and clears its wrong guesses.
 * @throws OperatorError for an unknown account or a password of a wrong length
 */
export async function setPassword(
  dataSource: DataSource,
  username: string,
  password: string,
  actor: EntryActor,
): Promise<void> {
  assertPasswordLength(password);
  const passwordHash = await hashPassword(password);
  const { userId } = await findAccount(dataSource, username);
  await inTransaction(dataSource, async (manager) => {
    await manager.update(User, { userId }, { passwordHash });
    await manager.delete(Session, { userId });
    await forgetGuessesAt(username, manager);
    await note(manager, { kind: 'account', action: 'password', actor, userId });
  });
}

/**
 * Ends the sessions of an account, or without a name of all accounts: at once in the database, within a second in every
 * process.
 * @param username undefined for all accounts
 * @param actor who ends them, for the audit log
 * @returns how many there were
 * @throws OperatorError for an unknown account
 */
export async function endSessions(
  dataSource: DataSource,
  username: string | undefined,
  actor: EntryActor,
): Promise<number> {
  const userId = username === undefined ? undefined : (await findAccount(dataSource, username)).userId;
  return inTransaction(dataSource, async (manager) => {
    const { affected } = await (userId === undefined
      ? manager.deleteAll(Session)
      : manager.delete(Session, { userId }));
    await note(manager, { kind: 'sign-in', action: 'end', actor, userId });
    return affected ?? 0;
  });
}

/** Changes an account; closing it ends its sessions. @throws OperatorError for no change or an unknown account */
export async function changeAccount(
  dataSource: DataSource,
  username: string,
  changes: AccountChanges,
  actor: EntryActor,
): Promise<void> {
  const columns = columnsOf(changes);
  if (Object.values(columns).every((value) => value === undefined)) throw new OperatorError('nothing to change');
  assertStorable(dataSource.getMetadata(User), columns);
  const { userId } = await findAccount(dataSource, username);
  await inTransaction(dataSource, async (manager) => {
    const [stored] = await manager.query<Values[]>(
      `SELECT is_super, is_available, email, mobile FROM user WHERE user_id = ? ${dialectOf(dataSource).forUpdate}`,
      [userId],
    );
    await manager.update(User, { userId }, columns);
    if (changes.open === false) await manager.delete(Session, { userId });
    const noted = changesBetween(stored ?? {}, notedOf(changes));
    await note(manager, { kind: 'account', action: 'edit', actor, userId, changes: noted });
  });
}

/** All accounts by id, without secrets, as `account list` prints them. */
export async function listAccounts(dataSource: DataSource) {
  const users = await dataSource.manager.find(User, { order: { userId: 'ASC' } });
  return users.map((user) => ({
    user_id: user.userId,
    username: user.username,
    mobile: user.mobile,
    super: user.isSuper === 1,
    open: user.isAvailable === 1,
    created: user.created,
  }));
}

/** Whether several accounts have a mobile number: then none of them can sign in by it (CONTRACT 1.2). */
export async function isSharedMobile({ manager }: DataSource, mobile: string): Promise<boolean> {
  return (await manager.countBy(User, { mobile: sameText(mobile) })) > 1;
}

/** @throws OperatorError if there is no such account */
export async function findAccount(dataSource: DataSource, username: string): Promise<User> {
  const user = await dataSource.manager.findOneBy(User, { username: sameText(username) });
  if (!user) throw new OperatorError(`no account is called ${username}`);
  return user;
}

/** @throws OperatorError */
export function assertPasswordLength(password: string): void {
  const fault = lengthFault(password);
  if (fault === 'short') throw new OperatorError(`a password has at least ${PASSWORD_LENGTH.min} characters`);
  if (fault === 'long') throw new OperatorError(`a password has at most ${PASSWORD_LENGTH.max} characters`);
}

function columnsOf({ super: isSuper, open, email, mobile }: AccountChanges) {
  const flag = (value: boolean | undefined) => (value === undefined ? undefined : Number(value));
  return { isSuper: flag(isSuper), isAvailable: flag(open), email, mobile };
}

/** The same by the names of the database, as the audit log has them. */
function notedOf(changes: AccountChanges): Values {
  const { isSuper: is_super, isAvailable: is_available, email, mobile } = columnsOf(changes);
  return { is_super, is_available, email, mobile };
}
