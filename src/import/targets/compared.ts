import type { EntityManager, EntityMetadata, EntityTarget } from 'typeorm';
import { Changes, changesBetween, Values } from '../../audit/changes';
import { differs, givenOf } from '../../database/given';
import { Rows } from '../../database/rows';
import type { Compared } from '../../wechat-customers/write/compare';
import type { Taken } from '../kinds/kind';

/**
 * Compares one row with what is stored.
 * @param blank the row without what is given, for a new one
 * @param properties those that a row may give
 */
export function compareRow<Row extends object>(
  stored: Row | undefined,
  blank: Row,
  given: Partial<Row>,
  properties: readonly (keyof Row)[],
): Compared<Row> {
  const next = { ...(stored ?? blank), ...givenOf(given, properties) };
  return { stored, next, isChanged: !stored || differs(stored, next, properties) };
}

export function outcomeOf({ stored, isChanged }: Compared<unknown>): Taken {
  if (!stored) return 'new';
  return isChanged ? 'changed' : 'equal';
}

/** Adds new rows and updates changed ones. */
export async function writeRows<Row extends object>(
  manager: EntityManager,
  entity: EntityTarget<Row>,
  compared: Compared<Row>[],
  properties: readonly Extract<keyof Row, string>[],
): Promise<void> {
  const rows = new Rows(manager, entity);
  await rows.add(compared.filter(({ stored }) => !stored).map(({ next }) => next));
  const changed = compared.filter(({ stored, isChanged }) => stored && isChanged);
  await rows.update(
    changed.map(({ next }) => next),
    properties,
  );
}

/**
 * What the audit log says of a row, by the names of the columns.
 * @param properties those that may be in it
 */
export function changesOf<Row extends object>(
  { columns }: EntityMetadata,
  properties: readonly (keyof Row)[],
  { stored, next }: Compared<Row>,
): Changes {
  const named = columns.filter(({ propertyName }) => properties.includes(propertyName as keyof Row));
  const values = (row: Row) =>
    Object.fromEntries(
      named.map(({ databaseName, propertyName }) => [databaseName, row[propertyName as keyof Row]]),
    ) as Values;
  return changesBetween(stored ? values(stored) : null, values(next));
}
