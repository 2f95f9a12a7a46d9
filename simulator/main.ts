import { startSimulator } from './index';

/** Token and EncodingAESKey for callbacks, as they would be set in WeCom's console. */
const CALLBACK = { token: 'SimToken2026', aesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG' };
const DEFAULT_PORT = 4010;

/** `node dist/simulator/main.js [port] [employees] [contacts] [follows] [tags]`: a seeded WeCom until it is stopped. */
async function main(): Promise<void> {
  const [port = DEFAULT_PORT, employees = 10, contacts = 200, follows = 500, tags = 30] = process.argv
    .slice(2)
    .map(Number);
  const simulator = await startSimulator({ port });
  const corp = simulator.world.seeded({ employees, contacts, follows, tags });
  const app = corp.apps[0]!;
  const shown = {
    WECOM_API_BASE: simulator.url,
    corp_id: corp.corpId,
    agent_id: app.agentId,
    secret: app.secret,
    Token: CALLBACK.token,
    EncodingAESKey: CALLBACK.aesKey,
    control: `POST ${simulator.url}/simulator/<action>`,
  };
  for (const [name, value] of Object.entries(shown)) console.log(`${name.padEnd(15)} ${value}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
