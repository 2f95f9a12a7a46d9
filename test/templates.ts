import { readEnv } from '../src/config/env';
import { connect } from '../src/database/connect';
import { dataSourceOptions } from '../src/schema/data-source';
import { fillDemoData } from '../src/schema/demo/fill';
import type { Engine, Prepared, TestDatabase } from './database';

/** The databases that the files of a run copy: migrating one for each app takes a second on MariaDB. */
export class Templates {
  private constructor(private readonly databases: Record<Prepared, TestDatabase>) {}

  static async build({ create, copy }: Engine): Promise<Templates> {
    const migrated = await create();
    await work(migrated, (dataSource) => dataSource.runMigrations());
    const demo = await copy(migrated.url);
    await work(demo, fillDemoData);
    return new Templates({ migrated, demo });
  }

  /** The URL of each as JSON, for the environment of the processes that run the files. */
  get urls(): string {
    return JSON.stringify(Object.fromEntries(Object.entries(this.databases).map(([name, { url }]) => [name, url])));
  }

  async drop(): Promise<void> {
    for (const database of Object.values(this.databases)) await database.drop();
  }
}

async function work(
  { url }: TestDatabase,
  task: (dataSource: Awaited<ReturnType<typeof connect>>) => Promise<unknown>,
): Promise<void> {
  const dataSource = await connect(dataSourceOptions(readEnv({ DATABASE_URL: url })));
  await task(dataSource);
  await dataSource.destroy();
}
