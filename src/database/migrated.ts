import { DataSource, MigrationExecutor } from 'typeorm';

/** How the tables compare with what this program knows: an older program made them, a newer one, or one like it. */
export async function tablesAre(dataSource: DataSource): Promise<'older' | 'newer' | 'current'> {
  const known = new Set(dataSource.migrations.map((migration) => migration.name ?? migration.constructor.name));
  const executed = await new MigrationExecutor(dataSource).getExecutedMigrations();
  const run = new Set(executed.map(({ name }) => name));
  if ([...known].some((name) => !run.has(name))) return 'older';
  return [...run].some((name) => !known.has(name)) ? 'newer' : 'current';
}
