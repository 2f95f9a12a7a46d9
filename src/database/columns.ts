import { getMetadataArgsStorage } from 'typeorm';

/** The columns of an entity by their names in the database, in the order in which the entity declares them. */
export function columnsOf(entity: new () => object): string[] {
  const columns = getMetadataArgsStorage().filterColumns(entity);
  return columns.map(({ options, propertyName }) => options.name ?? propertyName);
}
