import type { DataSource } from 'typeorm';
import { DatabaseNotReady } from '../errors';

/**
 * Refuses tables without transactions, as a server makes of a dump when it changes their engine. New tables are
 * InnoDB's: TypeORM says so in CREATE TABLE, and our sql_mode allows no other in its place.
 * @throws DatabaseNotReady naming the table
 */
export async function assertTransactional({ options, entityMetadatas, manager }: DataSource): Promise<void> {
  if (options.type === 'better-sqlite3') return;
  const others = await manager.query<{ name: string; engine: string }[]>(
    `SELECT TABLE_NAME AS name, ENGINE AS engine FROM information_schema.TABLES
     WHERE TABLE_SCHEMA = DATABASE() AND ENGINE <> 'InnoDB'`,
  );
  const other = others.find(({ name }) => entityMetadatas.some(({ tableName }) => tableName === name));
  if (!other) return;
  const { name, engine } = other;
  throw new DatabaseNotReady(`table ${name} is ${engine}'s, not InnoDB's: ALTER TABLE ${name} ENGINE = InnoDB`);
}
