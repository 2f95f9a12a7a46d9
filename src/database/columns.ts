import { getMetadataArgsStorage } from 'typeorm';

/** An entity's columns as pairs of property and database name, in declaration order. */
function namesOf(entity: new () => object): [property: string, column: string][] {
  const columns = getMetadataArgsStorage().filterColumns(entity);
  return columns.map(({ options, propertyName }) => [propertyName, options.name ?? propertyName]);
}

/** The database names of an entity's columns, in declaration order. */
export function columnsOf(entity: new () => object): string[] {
  return namesOf(entity).map(([, column]) => column);
}

/**
 * An entity read by TypeORM as SQL would have read it: its values by database name.
 * @param columns some of {@link columnsOf}
 */
export function rowOf<Row>(entity: new () => object, columns: readonly string[], found: object): Row {
  const names = namesOf(entity).filter(([, column]) => columns.includes(column));
  return Object.fromEntries(names.map(([property, column]) => [column, found[property as keyof object]])) as Row;
}
