import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { createApp } from './app';
import type { Env } from './config/env';
import { lockSqliteFile } from './database/sole-process';
import { isFirst } from './operations/cluster';
import { endOnSignals } from './operations/shutdown';
import { OperatorError } from './operator-error';
import { version } from './version';
import { welcome } from './welcome';

/**
 * Serves until a signal ends the process.
 * @throws OperatorError when the process cannot start as it is set up
 */
export async function serve(env: Env, log: Logger): Promise<void> {
  lockSqliteFile(env);
  const app = await createApp(env, log);
  endOnSignals(app, env.DRAIN_SECONDS);
  await app.listen(env.PORT, env.HOST).catch((error: NodeJS.ErrnoException) => {
    throw new OperatorError(`PORT ${env.PORT} of HOST ${env.HOST} cannot be listened on (${error.code})`);
  });
  const { options, driver } = app.get(DataSource);
  log.info(
    { version: version(), node: process.version, database: [options.type, driver.version].join(' ') },
    'serving',
  );
  const text = isFirst() && env.NODE_ENV !== 'production' && (await welcome(app));
  if (text) console.log(text);
}
