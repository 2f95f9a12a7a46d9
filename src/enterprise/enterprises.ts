import type { DataSource } from 'typeorm';
import { Enterprise } from './entities/enterprise.entity';
import { isDuplicateKey } from '../database/errors';
import { OperatorError } from '../base/operator-error';

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

/** @throws OperatorError if it does not exist */
export async function findEnterprise(dataSource: DataSource, id: number): Promise<Enterprise> {
  const enterprise = await dataSource.manager.findOneBy(Enterprise, { id });
  if (!enterprise) throw new OperatorError(`there is no enterprise ${id}`);
  return enterprise;
}
