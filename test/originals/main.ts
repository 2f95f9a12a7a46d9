import { StandIn } from './index';
import { BUSINESS_ID, UNIACID } from './wechat-data';

const DEFAULT_PORT = 4020;

/** `node dist/test/originals/main.js [port] [rows]`: both originals until it is stopped. */
async function main(): Promise<void> {
  const [port = DEFAULT_PORT, rows = 20_000] = process.argv.slice(2).map(Number);
  const standIn = await StandIn.start({ rows }, port);
  const { accounts, relations } = standIn.mix.data;
  const [boss] = accounts;
  const shown = {
    url: standIn.url,
    username: boss!.username,
    password: boss!.password,
    user_ids: `${accounts[1]!.user_id} to ${accounts.at(-1)!.user_id} follow customers`,
    uniacid: UNIACID,
    business_id: BUSINESS_ID,
    relations: relations.length,
    follows: standIn.wechat.data.follows.length,
  };
  for (const [name, value] of Object.entries(shown)) console.log(`${name.padEnd(12)} ${value}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
