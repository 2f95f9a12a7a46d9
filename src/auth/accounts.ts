import type { DataSource } from 'typeorm';
import { forgetGuessesAt } from './attempts/allowances';
import { Session } from './entities/session.entity';
import { User } from './entities/user.entity';
import { hashPassword, lengthFault, PASSWORD_LENGTH } from './passwords';
import { isDuplicateKey } from '../database/errors';
import { inTransaction } from '../database/transaction';
import { wallClock } from '../base/time';
import { OperatorError } from '../base/operator-error';

/** The lengths of the columns, in characters. */
const MAX_LENGTHS = { username: 64, email: 255, mobile: 32 } as const;

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
 * @returns its user_id
 * @throws OperatorError if the name or id exists, or a text has a wrong length
 */
export async function addAccount(
  dataSource: DataSource,
  username: string,
  password: string,
  changes: AccountChanges & { id?: number },
): Promise<number> {
  if (username === '' || username !== username.trim()) {
    throw new OperatorError('a user name is not empty and has no blanks at its ends');
  }
  if (changes.id === 0) throw new OperatorError('a user id is at least 1');
  assertLengths({ username, ...changes });
  assertPasswordLength(password);
  const passwordHash = await hashPassword(password);
  const userId = changes.id ?? ((await dataSource.manager.maximum(User, 'userId')) ?? 0) + 1;
  try {
    await dataSource.manager.insert(User, {
      userId,
      username,
      passwordHash,
      created: wallClock(),
      ...columnsOf(changes),
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
export async function setPassword(dataSource: DataSource, username: string, password: string): Promise<void> {
  assertPasswordLength(password);
  const passwordHash = await hashPassword(password);
  const { userId } = await findAccount(dataSource, username);
  await inTransaction(dataSource, async (manager) => {
    await manager.update(User, { userId }, { passwordHash });
    await manager.delete(Session, { userId });
    await forgetGuessesAt(username, manager);
  });
}

/** Changes an account; closing it ends its sessions. @throws OperatorError for no change or an unknown account */
export async function changeAccount(dataSource: DataSource, username: string, changes: AccountChanges): Promise<void> {
  const columns = columnsOf(changes);
  if (Object.values(columns).every((value) => value === undefined)) throw new OperatorError('nothing to change');
  assertLengths(changes);
  const { userId } = await findAccount(dataSource, username);
  await inTransaction(dataSource, async (manager) => {
    await manager.update(User, { userId }, columns);
    if (changes.open === false) await manager.delete(Session, { userId });
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
  return (await manager.findBy(User, { mobile })).filter((user) => user.mobile === mobile).length > 1;
}

/** @throws OperatorError if there is no such account */
export async function findAccount(dataSource: DataSource, username: string): Promise<User> {
  const user = await dataSource.manager.findOneBy(User, { username });
  // MySQL finds `admin` for `admin `, because its comparison ignores trailing spaces.
  if (user?.username !== username) throw new OperatorError(`no account is called ${username}`);
  return user;
}

/** SQLite stores longer texts, which could then not move to MySQL. */
function assertLengths(texts: { [name in keyof typeof MAX_LENGTHS]?: string }): void {
  for (const [name, max] of Object.entries(MAX_LENGTHS)) {
    const length = [...(texts[name as keyof typeof MAX_LENGTHS] ?? '')].length;
    if (length > max) throw new OperatorError(`${name}: at most ${max} characters`);
  }
}

function assertPasswordLength(password: string): void {
  const fault = lengthFault(password);
  if (fault === 'short') throw new OperatorError(`a password has at least ${PASSWORD_LENGTH.min} characters`);
  if (fault === 'long') throw new OperatorError(`a password has at most ${PASSWORD_LENGTH.max} characters`);
}

function columnsOf({ super: isSuper, open, email, mobile }: AccountChanges) {
  const flag = (value: boolean | undefined) => (value === undefined ? undefined : Number(value));
  return { isSuper: flag(isSuper), isAvailable: flag(open), email, mobile };
}
