import type { EntityManager, EntityTarget } from 'typeorm';
import { Rows } from '../../database/rows';
import { placeholders } from '../../database/where';
import type { Compared } from './compare';

/* Rows that are moved in from another system keep the ids they had there. */

/** Adds the rows that have an id. @returns the others, whose ids the database chooses */
export async function addMoved<Row extends { id: number }>(rows: Rows<Row>, added: Row[]): Promise<Row[]> {
  await rows.addAs(added.filter(({ id }) => id > 0));
  return added.filter(({ id }) => id === 0);
}

/** Those ids of new rows that other rows have, whatever tenant they are of. */
export async function idsInUse<Row extends { id: number }>(
  manager: EntityManager,
  entity: EntityTarget<Row>,
  compared: Compared<Row>[],
): Promise<ReadonlySet<number>> {
  const added = compared.filter(({ stored, next }) => !stored && next.id > 0);
  if (added.length === 0) return new Set();
  const ids = added.map(({ next }) => next.id);
  const rows = await manager.query<{ id: number }[]>(
    `SELECT id FROM ${manager.dataSource.getMetadata(entity).tableName} WHERE id IN (${placeholders(ids)})`,
    ids,
  );
  return new Set(rows.map(({ id }) => id));
}
