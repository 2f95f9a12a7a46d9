import type { DataSource, EntityManager } from 'typeorm';
import { changesBetween } from '../audit/changes';
import { EntryActor, note } from '../audit/note';
import { findAccount } from '../auth/accounts';
import { User } from '../auth/entities/user.entity';
import { OperatorError } from '../base/operator-error';
import { dialectOf } from '../database/dialect';
import { inTransaction } from '../database/transaction';
import { findEnterprise } from './enterprises';
import { EnterpriseRight } from './entities/enterprise-right.entity';
import { IDENTITIES, Identity, identityOf } from './identities';

/**
 * Gives or changes a right, from the next request on; which employee the account is stays.
 * @param actor who does it, for the audit log, as in all functions here
 * @throws OperatorError for an unknown account or enterprise
 */
export async function grant(
  dataSource: DataSource,
  username: string,
  enterpriseId: number,
  identity: Identity,
  actor: EntryActor,
): Promise<void> {
  const { userId } = await findAccount(dataSource, username);
  const { uniacid } = await findEnterprise(dataSource, enterpriseId);
  const right = { uniacid, enterpriseId, userId, identity: IDENTITIES[identity].number };
  await inTransaction(dataSource, async (manager) => {
    const stored = await lockedRight(manager, enterpriseId, userId);
    await manager.upsert(EnterpriseRight, right, ['uniacid', 'enterpriseId', 'userId']);
    const changes = changesBetween(stored ?? null, { identity: right.identity });
    await note(manager, { kind: 'right', action: stored ? 'edit' : 'add', actor, userId, enterpriseId, changes });
  });
}

/** Takes a right away, from the next request on. @throws OperatorError if the account has no such right */
export async function revoke(
  dataSource: DataSource,
  username: string,
  enterpriseId: number,
  actor: EntryActor,
): Promise<void> {
  const { userId } = await findAccount(dataSource, username);
  await inTransaction(dataSource, async (manager) => {
    const stored = await lockedRight(manager, enterpriseId, userId);
    if (!stored) throw new NoRight(username, enterpriseId);
    await manager.delete(EnterpriseRight, { enterpriseId, userId });
    const changes = changesBetween(stored, null);
    await note(manager, { kind: 'right', action: 'delete', actor, userId, enterpriseId, changes });
  });
}

/**
 * Says which employee an account is in an enterprise, from the next request on: that employee's follows are its own
 * (CONTRACT 2.4).
 * @throws OperatorError if the account has no right there
 */
export async function bind(
  dataSource: DataSource,
  username: string,
  enterpriseId: number,
  userid: string,
  actor: EntryActor,
): Promise<void> {
  const { userId } = await findAccount(dataSource, username);
  await inTransaction(dataSource, async (manager) => {
    const stored = await lockedRight(manager, enterpriseId, userId);
    if (!stored) throw new NoRight(username, enterpriseId);
    await manager.update(EnterpriseRight, { enterpriseId, userId }, { userid });
    const changes = changesBetween(stored, { userid });
    await note(manager, { kind: 'right', action: 'edit', actor, userId, enterpriseId, changes });
  });
}

/** Takes {@link bind} back: no follows are the account's own. @throws OperatorError if it has no right there */
export function unbind(
  dataSource: DataSource,
  username: string,
  enterpriseId: number,
  actor: EntryActor,
): Promise<void> {
  return bind(dataSource, username, enterpriseId, '', actor);
}

class NoRight extends OperatorError {
  constructor(username: string, enterpriseId: number) {
    super(`${username} has no right in enterprise ${enterpriseId}`);
  }
}

type StoredRight = Pick<EnterpriseRight, 'identity' | 'userid'>;

/** Reads and locks what a right says; undefined if there is none. */
async function lockedRight(manager: EntityManager, enterpriseId: number, userId: number) {
  const [stored] = await manager.query<StoredRight[]>(
    `SELECT identity, userid FROM enterprise_right
     WHERE business_id = ? AND user_id = ? ${dialectOf(manager.dataSource).forUpdate}`,
    [enterpriseId, userId],
  );
  return stored;
}

/** All rights by enterprise and account, as `right list` prints them. */
export async function listRights(dataSource: DataSource) {
  const rights = await dataSource.manager
    .createQueryBuilder(EnterpriseRight, 'granted')
    .innerJoinAndMapOne('granted.account', User, 'account', 'account.userId = granted.userId')
    .orderBy({ 'granted.uniacid': 'ASC', 'granted.enterpriseId': 'ASC' })
    .addOrderBy(dialectOf(dataSource).bytesOf('account.username'))
    .getMany();
  return (rights as (EnterpriseRight & { account: User })[]).map(
    ({ account, uniacid, enterpriseId, identity, userid }) => ({
      username: account.username,
      uniacid,
      enterprise: enterpriseId,
      identity: identityOf(identity)?.word ?? `none (${identity})`,
      userid,
    }),
  );
}
