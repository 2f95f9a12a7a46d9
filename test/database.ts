import { mariadb } from './mariadb/databases';
import { sqlite } from './sqlite/databases';

declare const ENGINE: 'sqlite' | 'mariadb' | undefined;

/** The engine of this run: jest runs every e2e file once per engine (jest.config.cjs). */
export const engine = typeof ENGINE === 'undefined' ? 'sqlite' : ENGINE;

export interface TestDatabase {
  /** The value for DATABASE_URL. */
  url: string;
  drop(): Promise<void>;
}

/** How an engine makes new databases. */
export interface Engine {
  /** An empty one. */
  create: () => Promise<TestDatabase>;
  /** One with the tables and rows of another. @param from its URL */
  copy: (from: string) => Promise<TestDatabase>;
}

/** What a prepared database has: the tables of all migrations, or these filled with the demo data. */
export type Prepared = 'migrated' | 'demo';

const { create, copy } = { sqlite, mariadb }[engine];

/** A new, empty database of the engine under test. */
export const createDatabase = (): Promise<TestDatabase> => create();

/** A new database copied from the one that the run prepared (templates.ts), or undefined where a project prepares none. */
export async function copyDatabase(prepared: Prepared): Promise<TestDatabase | undefined> {
  const templates = process.env[`${engine.toUpperCase()}_TEMPLATES`];
  return templates === undefined ? undefined : copy((JSON.parse(templates) as Record<Prepared, string>)[prepared]);
}
