import type { EntityManager, EntityTarget, ObjectLiteral, QueryDeepPartialEntity } from 'typeorm';

/**
 * Adds rows and reads nothing back. TypeORM's own `insert` counts on from the first generated key to guess the others,
 * writes them into the objects and reads defaults by them: wrong wherever `auto_increment_increment` is not 1, as on
 * Galera.
 */
export async function insertRows<T extends ObjectLiteral>(
  manager: EntityManager,
  entity: EntityTarget<T>,
  rows: QueryDeepPartialEntity<T> | QueryDeepPartialEntity<T>[],
): Promise<void> {
  await manager.createQueryBuilder().insert().into(entity).values(rows).updateEntity(false).execute();
}
