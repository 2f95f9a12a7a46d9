import type { DataSource } from 'typeorm';
import { forgetGuessesAt } from './attempts/allowances';
import { Session } from './entities/session.entity';
import { User } from './entities/user.entity';
import { hashPassword } from './passwords';
import { isDuplicateKey } from '../database/errors';
import { inTransaction } from '../database/transaction';
import { wallClock } from '../base/time';
import { OperatorError } from '../base/operator-error';

const MIN_PASSWORD_LENGTH = 8;
/** The longest password that login takes. */
const MAX_PASSWORD_LENGTH = 1024;
const MAX_USERNAME_LENGTH = 64;

/** The properties of an account besides its name and password; those left out stay as they are. */
export interface AccountChanges {
  super?: boolean;
  /** False closes the account: it cannot sign in, and its tokens end within a second. */
  open?: boolean;
  email?: string;
  mobile?: string;
}

/** Creates an account. @returns its user_id. @throws OperatorError */
export async function addAccount(
  dataSource: DataSource,
  username: string,
  password: string,
  changes: AccountChanges & { id?: number },
): Promise<number> {
  if (username === '' || username.length > MAX_USERNAME_LENGTH) {
    throw new OperatorError(`a user name has 1 to ${MAX_USERNAME_LENGTH} characters`);
  }
  const passwordHash = await hashPassword(checked(password));
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

/** Sets a new password, ends all sessions of the account and forgets the wrong guesses at it. @throws OperatorError */
export async function setPassword(dataSource: DataSource, username: string, password: string): Promise<void> {
  const passwordHash = await hashPassword(checked(password));
  const { userId } = await findAccount(dataSource, username);
  await inTransaction(dataSource, async (manager) => {
    await manager.update(User, { userId }, { passwordHash });
    await manager.delete(Session, { userId });
    await forgetGuessesAt(username, manager);
  });
}

/** Changes an account; closing it ends its sessions. @throws OperatorError */
export async function changeAccount(dataSource: DataSource, username: string, changes: AccountChanges): Promise<void> {
  const columns = columnsOf(changes);
  if (Object.values(columns).every((value) => value === undefined)) throw new OperatorError('nothing to change');
  const { userId } = await findAccount(dataSource, username);
  await inTransaction(dataSource, async (manager) => {
    await manager.update(User, { userId }, columns);
    if (changes.open === false) await manager.delete(Session, { userId });
  });
}

/** All accounts, without anything secret. */
export async function listAccounts(dataSource: DataSource) {
  const users = await dataSource.manager.find(User, { order: { userId: 'ASC' } });
  return users.map((user) => ({
    user_id: user.userId,
    username: user.username,
    super: user.isSuper === 1,
    open: user.isAvailable === 1,
    created: user.created,
  }));
}

/** @throws OperatorError */
export async function findAccount(dataSource: DataSource, username: string): Promise<User> {
  const user = await dataSource.manager.findOneBy(User, { username });
  if (!user) throw new OperatorError(`no account is called ${username}`);
  return user;
}

function checked(password: string): string {
  if (password.length < MIN_PASSWORD_LENGTH) {
    throw new OperatorError(`a password has at least ${MIN_PASSWORD_LENGTH} characters`);
  }
  if (password.length > MAX_PASSWORD_LENGTH) {
    throw new OperatorError(`a password has at most ${MAX_PASSWORD_LENGTH} characters`);
  }
  return password;
}

function columnsOf({ super: isSuper, open, email, mobile }: AccountChanges) {
  const flag = (value: boolean | undefined) => (value === undefined ? undefined : Number(value));
  return { isSuper: flag(isSuper), isAvailable: flag(open), email, mobile };
}
