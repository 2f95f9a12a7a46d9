import { DataSource, MigrationExecutor } from 'typeorm';

/** How the tables compare with this program's migrations: made by an older program, a newer one or an equal one. */
export async function tablesAre(dataSource: DataSource): Promise<'older' | 'newer' | 'current'> {
  const known = new Set(dataSource.migrations.map((migration) => migration.name ?? migration.constructor.name));
  const executed = await new MigrationExecutor(dataSource).getExecutedMigrations();
  const run = new Set(executed.map(({ name }) => name));
  if ([...known].some((name) => !run.has(name))) return 'older';
  return [...run].some((name) => !known.has(name)) ? 'newer' : 'current';
}
