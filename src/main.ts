import { existsSync } from 'node:fs';
import { readEnv } from './config/env';
import { reasonOf } from './operator-error';
import { welcome } from './welcome';

async function main(): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const env = readEnv(process.env);
  // Loading the product takes a second; a senseless setting is told before.
  const { createApp } = await import('./app.js');
  const app = await createApp(env);
  await app.listen(env.PORT, env.HOST);
  console.log(welcome(await app.getUrl(), env));
}

main().catch((error: unknown) => {
  console.error(`customer-hub cannot start: ${reasonOf(error)}`);
  process.exit(1);
});
