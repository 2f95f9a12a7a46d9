import { getMetadataArgsStorage } from 'typeorm';

/** The database names of an entity's columns, in declaration order. */
export function columnsOf(entity: new () => object): string[] {
  const columns = getMetadataArgsStorage().filterColumns(entity);
  return columns.map(({ options, propertyName }) => options.name ?? propertyName);
}
