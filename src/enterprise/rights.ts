import type { DataSource } from 'typeorm';
import { EnterpriseRight } from './entities/enterprise-right.entity';
import { Enterprise } from './entities/enterprise.entity';
import { isDuplicateKey } from '../database/errors';
import { findAccount } from '../auth/accounts';
import { OperatorError } from '../base/operator-error';

/** Identities by name (CONTRACT 2.2). */
export const IDENTITIES = { staff: 1, manager: 2, creator: 3, 'legal-person': 4, both: 5 } as const;
export type Identity = keyof typeof IDENTITIES;

/** Creates an enterprise of an official account, running. @throws OperatorError if the id exists */
export async function addEnterprise(dataSource: DataSource, id: number, uniacid: number, name: string): Promise<void> {
  try {
    await dataSource.manager.insert(Enterprise, { id, uniacid, name });
  } catch (error) {
    throw isDuplicateKey(error) ? new OperatorError(`enterprise ${id} exists`) : error;
  }
}

/** Starts or stops an enterprise; no account may manage a stopped one. @throws OperatorError if it does not exist */
export async function setRunning(dataSource: DataSource, id: number, running: boolean): Promise<void> {
  await findEnterprise(dataSource, id);
  await dataSource.manager.update(Enterprise, { id }, { status: Number(running) });
}

/** All enterprises by official account, as `enterprise list` prints them. */
export async function listEnterprises(dataSource: DataSource) {
  const enterprises = await dataSource.manager.find(Enterprise, { order: { uniacid: 'ASC', id: 'ASC' } });
  return enterprises.map(({ id, uniacid, name, status }) => ({ id, uniacid, name, running: status === 1 }));
}

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

async function findEnterprise(dataSource: DataSource, id: number): Promise<Enterprise> {
  const enterprise = await dataSource.manager.findOneBy(Enterprise, { id });
  if (!enterprise) throw new OperatorError(`there is no enterprise ${id}`);
  return enterprise;
}
