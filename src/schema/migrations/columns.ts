import type { QueryRunner, TableColumnOptions } from 'typeorm';

/*
 * Column definitions that mean the same on MySQL, MariaDB and SQLite.
 */

export const integer = (name: string, options: Partial<TableColumnOptions> = {}): TableColumnOptions => ({
  name,
  type: 'integer',
  ...options,
});

export const bigint = (name: string, options: Partial<TableColumnOptions> = {}): TableColumnOptions => ({
  name,
  type: 'bigint',
  ...options,
});

export const tinyint = (name: string, byDefault?: number): TableColumnOptions => ({
  name,
  type: 'tinyint',
  default: byDefault,
});

export const varchar = (name: string, length: number, byDefault?: string): TableColumnOptions => ({
  name,
  type: 'varchar',
  length: String(length),
  default: byDefault === undefined ? undefined : `'${byDefault}'`,
});

/** The character set is given, because converting a TEXT from another one would widen it to MEDIUMTEXT. */
export const text = (name: string): TableColumnOptions => ({ name, type: 'text', charset: 'utf8mb4' });

/** `YYYY-MM-DD HH:mm:ss` in UTC+8, as text, so that no zone of server, session or driver shifts it. */
export const wallClock = (name: string): TableColumnOptions => ({ ...varchar(name, 19), isNullable: true });

export const primary = (column: TableColumnOptions, constraint: string): TableColumnOptions => ({
  ...column,
  isPrimary: true,
  primaryKeyConstraintName: constraint,
});

export const generatedId = (constraint: string): TableColumnOptions => ({
  ...primary(integer('id'), constraint),
  isGenerated: true,
  generationStrategy: 'increment',
});

/** Makes ids and tokens compare by bytes and text hold any character, whatever the database's default is. */
export async function useBinaryUtf8(queryRunner: QueryRunner, tables: string[]): Promise<void> {
  if (queryRunner.dataSource.options.type === 'better-sqlite3') return;
  for (const table of tables) {
    await queryRunner.query(`ALTER TABLE \`${table}\` CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
  }
}
