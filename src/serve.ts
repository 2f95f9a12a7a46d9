import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { createApp } from './app';
import type { Env } from './config/env';
import { lockSqliteFile } from './database/sqlite/file-lock';
import { isFirst } from './operations/cluster';
import { endOnSignals } from './operations/shutdown';
import { OperatorError } from './base/operator-error';
import { version } from './base/version';
import { stateOfLists, warnOfStaleLists } from './start/lists-check';
import { welcome } from './start/welcome';

/**
 * Serves until a signal ends the process.
 * @throws OperatorError when the process cannot start with these settings
 */
export async function serve(env: Env, log: Logger): Promise<void> {
  lockSqliteFile(env);
  const app = await createApp(env, log);
  endOnSignals(app, env.DRAIN_SECONDS);
  await app.listen(env.PORT, env.HOST).catch((error: NodeJS.ErrnoException) => {
    throw new OperatorError(`PORT ${env.PORT} of HOST ${env.HOST} cannot be listened on (${error.code})`);
  });
  const dataSource = app.get(DataSource);
  const [database, lists] = await Promise.all([engineOf(dataSource), stateOfLists(dataSource)]);
  log.info({ version: version(), node: process.version, database, lists }, 'serving');
  if (isFirst()) void warnOfStaleLists(dataSource, log);
  const text = isFirst() && env.NODE_ENV !== 'production' && (await welcome(app).catch(() => undefined));
  if (text) console.log(text);
}

/** The kind and version of the database, for diagnosing a fault from the log. */
async function engineOf(dataSource: DataSource): Promise<string> {
  const { type } = dataSource.options;
  const version = type === 'better-sqlite3' ? 'sqlite_version()' : 'VERSION()';
  const rows = await dataSource.query<{ version: string }[]>(`SELECT ${version} AS version`).catch(() => []);
  return [type, ...rows.map((row) => row.version)].join(' ');
}
