import type { DataSource } from 'typeorm';
import { findAccount } from '../auth/accounts';
import { User } from '../auth/entities/user.entity';
import { OperatorError } from '../base/operator-error';
import { findEnterprise } from './enterprises';
import { EnterpriseRight } from './entities/enterprise-right.entity';
import { IDENTITIES, Identity, identityOf } from './identities';

/**
 * Gives or changes a right, from the next request on; which employee the account is stays.
 * @throws OperatorError for an unknown account or enterprise
 */
export async function grant(
  dataSource: DataSource,
  username: string,
  enterpriseId: number,
  identity: Identity,
): Promise<void> {
  const { userId } = await findAccount(dataSource, username);
  const { uniacid } = await findEnterprise(dataSource, enterpriseId);
  const right = { uniacid, enterpriseId, userId, identity: IDENTITIES[identity].number };
  await dataSource.manager.upsert(EnterpriseRight, right, ['uniacid', 'enterpriseId', 'userId']);
}

/** Takes a right away, from the next request on. @throws OperatorError if the account has no such right */
export async function revoke(dataSource: DataSource, username: string, enterpriseId: number): Promise<void> {
  const { userId } = await findAccount(dataSource, username);
  const { affected } = await dataSource.manager.delete(EnterpriseRight, { enterpriseId, userId });
  if (!affected) throw new OperatorError(`${username} has no right in enterprise ${enterpriseId}`);
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
): Promise<void> {
  const { userId } = await findAccount(dataSource, username);
  const { affected } = await dataSource.manager.update(EnterpriseRight, { enterpriseId, userId }, { userid });
  if (!affected) throw new OperatorError(`${username} has no right in enterprise ${enterpriseId}`);
}

/** Takes {@link bind} back: no follows are the account's own. @throws OperatorError if it has no right there */
export function unbind(dataSource: DataSource, username: string, enterpriseId: number): Promise<void> {
  return bind(dataSource, username, enterpriseId, '');
}

/** All rights by enterprise and account, as `right list` prints them. */
export async function listRights(dataSource: DataSource) {
  const rights = await dataSource.manager
    .createQueryBuilder(EnterpriseRight, 'granted')
    .innerJoinAndMapOne('granted.account', User, 'account', 'account.userId = granted.userId')
    .orderBy({ 'granted.uniacid': 'ASC', 'granted.enterpriseId': 'ASC', 'account.username': 'ASC' })
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
