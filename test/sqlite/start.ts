import { Templates } from '../templates';
import { sqlite } from './databases';

declare global {
  var sqliteTemplates: Templates | undefined;
}

/** Runs before the SQLite project. */
export default async function start(): Promise<void> {
  globalThis.sqliteTemplates = await Templates.build(sqlite);
  process.env.SQLITE_TEMPLATES = globalThis.sqliteTemplates.urls;
}
