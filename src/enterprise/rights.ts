import type { DataSource } from 'typeorm';
import { findAccount } from '../auth/accounts';
import { OperatorError } from '../base/operator-error';
import { findEnterprise } from './enterprises';
import { EnterpriseRight } from './entities/enterprise-right.entity';

/** Identities by name (CONTRACT 2.2). */
export const IDENTITIES = { staff: 1, manager: 2, creator: 3, 'legal-person': 4, both: 5 } as const;
export type Identity = keyof typeof IDENTITIES;

/** Gives or changes a right, from the next request on. @throws OperatorError for an unknown account or enterprise */
export async function grant(
  dataSource: DataSource,
  username: string,
  enterpriseId: number,
  identity: Identity,
): Promise<void> {
  const { userId } = await findAccount(dataSource, username);
  const { uniacid } = await findEnterprise(dataSource, enterpriseId);
  await dataSource.manager.upsert(EnterpriseRight, { uniacid, enterpriseId, userId, identity: IDENTITIES[identity] }, [
    'uniacid',
    'enterpriseId',
    'userId',
  ]);
}

/** Takes a right away, from the next request on. @throws OperatorError if the account has no such right */
export async function revoke(dataSource: DataSource, username: string, enterpriseId: number): Promise<void> {
  const { userId } = await findAccount(dataSource, username);
  const { affected } = await dataSource.manager.delete(EnterpriseRight, { enterpriseId, userId });
  if (!affected) throw new OperatorError(`${username} has no right in enterprise ${enterpriseId}`);
}
