import { existsSync } from 'node:fs';
import { createApp } from './app';
import { readEnv, SettingsError } from './config/env';
import { DatabaseNotReady } from './database/open';
import { welcome } from './welcome';

async function main(): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const env = readEnv(process.env);
  const app = await createApp(env);
  await app.listen(env.PORT, env.HOST);
  console.log(welcome(await app.getUrl(), env));
}

main().catch((error: unknown) => {
  console.error(`customer-hub cannot start: ${reasonOf(error)}`);
  process.exit(1);
});

/** One line; of an error that is not ours only its name, since a message may hold credentials or SQL. */
function reasonOf(error: unknown): string {
  if (error instanceof SettingsError || error instanceof DatabaseNotReady) return error.message;
  const { name, code, syscall } = error as NodeJS.ErrnoException;
  return [name, syscall, code].filter(Boolean).join(' ');
}
