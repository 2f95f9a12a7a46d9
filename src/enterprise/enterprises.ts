import type { DataSource } from 'typeorm';
import { changesBetween, Values } from '../audit/changes';
import { EntryActor, note } from '../audit/note';
import { OperatorError } from '../base/operator-error';
import { dialectOf } from '../database/dialect';
import { isDuplicateKey } from '../database/errors';
import { insertRows } from '../database/insert';
import { assertStorable } from '../database/storable';
import { inTransaction } from '../database/transaction';
import { Enterprise } from './entities/enterprise.entity';
import type { Tenant } from './tenant';

/**
 * Creates an enterprise of an official account, running.
 * @param actor who creates it, for the audit log
 * @throws OperatorError if the id exists, or a column is too small
 */
export async function addEnterprise(
  dataSource: DataSource,
  id: number,
  uniacid: number,
  name: string,
  actor: EntryActor,
): Promise<void> {
  const changes = changesBetween(null, { uniacid, name });
  assertStorable(dataSource.getMetadata(Enterprise), { id, uniacid, name });
  try {
    await inTransaction(dataSource, async (manager) => {
      await insertRows(manager, Enterprise, { id, uniacid, name });
      await note(manager, { kind: 'enterprise', action: 'add', actor, enterpriseId: id, changes });
    });
  } catch (error) {
    throw isDuplicateKey(error) ? new OperatorError(`enterprise ${id} exists`) : error;
  }
}

/** What can change of an enterprise; undefined properties stay unchanged. */
export interface EnterpriseChanges {
  name?: string;
  /** False: no account may manage it. */
  running?: boolean;
}

/**
 * Renames, starts or stops an enterprise, from the next request on.
 * @param actor who does it, for the audit log
 * @throws OperatorError if it does not exist, or the name is too long
 */
export async function changeEnterprise(
  dataSource: DataSource,
  id: number,
  { name, running }: EnterpriseChanges,
  actor: EntryActor,
): Promise<void> {
  await findEnterprise(dataSource, id);
  const values = { name, status: running === undefined ? undefined : Number(running) };
  assertStorable(dataSource.getMetadata(Enterprise), values);
  await inTransaction(dataSource, async (manager) => {
    const [stored = {}] = await manager.query<Values[]>(
      `SELECT name, status FROM enterprise WHERE id = ? ${dialectOf(dataSource).forUpdate}`,
      [id],
    );
    await manager.update(Enterprise, { id }, values);
    const changes = changesBetween(stored, values);
    await note(manager, { kind: 'enterprise', action: 'edit', actor, enterpriseId: id, changes });
  });
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

/** The tenant that an enterprise is. @throws OperatorError if it does not exist */
export async function tenantOf(dataSource: DataSource, id: number): Promise<Tenant> {
  const { uniacid } = await findEnterprise(dataSource, id);
  return { uniacid, enterpriseId: id };
}
