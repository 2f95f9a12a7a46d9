import { existsSync } from 'node:fs';
import { readEnv } from './config/env';
import { OperatorError, reasonOf } from './operator-error';

async function main(): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const env = readEnv(process.env);
  // Loading the product takes a second; a senseless setting is told before.
  const { createApp } = await import('./app.js');
  const { lockSqliteFile } = await import('./database/sole-process.js');
  const { endOnSignals } = await import('./operations/shutdown.js');
  const { welcome } = await import('./welcome.js');
  const { createLog, logCrashes } = await import('./operations/log.js');
  const log = createLog(env);
  logCrashes(log);
  lockSqliteFile(env);
  const app = await createApp(env, log);
  endOnSignals(app, env.DRAIN_SECONDS);
  await app.listen(env.PORT, env.HOST).catch((error: NodeJS.ErrnoException) => {
    throw new OperatorError(`PORT ${env.PORT} of HOST ${env.HOST} cannot be listened on (${error.code})`);
  });
  const text = await welcome(app);
  if (text) console.log(text);
}

main().catch((error: unknown) => {
  console.error(`customer-hub cannot start: ${reasonOf(error)}`);
  process.exit(1);
});
