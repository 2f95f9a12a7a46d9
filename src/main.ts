import './base/compile-cache'; // first: what is imported after it is kept compiled
import { readEnv } from './config/env';
import { loadEnvFile } from './config/env-file';
import { isPrimary, serveWithWorkers } from './operations/cluster';
import { logCrashes, openLog } from './operations/log';
import { endAtOnceOnSignals } from './operations/signals';
import { reasonOf } from './base/operator-error';

async function main(): Promise<void> {
  endAtOnceOnSignals(0);
  loadEnvFile();
  const env = readEnv(process.env);
  const log = openLog(env);
  logCrashes(log);
  if (isPrimary(env)) return serveWithWorkers(env, log);
  // Imported late: loading the application takes a second, an invalid setting is reported before that, and the primary,
  // which only watches workers, does not need it.
  const { serve } = await import('./serve.js');
  await serve(env, log);
}

main().catch((error: unknown) => {
  console.error(`customer-hub cannot start: ${reasonOf(error)}`);
  process.exit(1);
});
