import { existsSync } from 'node:fs';
import { createApp } from './app';
import { readEnv } from './config/env';
import { reasonOf } from './reason';
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
