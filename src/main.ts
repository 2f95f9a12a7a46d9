import { existsSync } from 'node:fs';
import { readEnv } from './config/env';
import { isPrimary, serveWithWorkers } from './operations/cluster';
import { createLog, logCrashes } from './operations/log';
import { endAtOnceOnSignals } from './operations/signals';
import { reasonOf } from './base/operator-error';

async function main(): Promise<void> {
  endAtOnceOnSignals(0);
  if (existsSync('.env')) process.loadEnvFile('.env');
  const env = readEnv(process.env);
  const log = createLog(env);
  logCrashes(log);
  if (isPrimary(env)) return serveWithWorkers(env, log);
  // Loading the product takes a second; a senseless setting is told before, and whoever watches workers needs none of it.
  const { serve } = await import('./serve.js');
  await serve(env, log);
}

main().catch((error: unknown) => {
  console.error(`customer-hub cannot start: ${reasonOf(error)}`);
  process.exit(1);
});
