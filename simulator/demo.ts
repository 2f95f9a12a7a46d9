import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { guide } from './demo/guide';
import { portOf, Product } from './demo/product';
import { Story } from './demo/story';
import { startSimulator } from './index';
import { Corp } from './world';

/** An enterprise beside those of the demo data. */
const ENTERPRISE = { id: 9, uniacid: 2, name: '企业微信演示' };

/** Token and EncodingAESKey, as they would be set in WeCom's console. */
const CALLBACK = { token: 'DemoToken2026', aesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG' };

const SIZE = { employees: 10, contacts: 200, follows: 500, tags: 30 };

const SECONDS_BETWEEN_EVENTS = 3;

/**
 * `npm run demo:wecom`: the product, WeCom in miniature, a first sync, and then an event every few seconds, until Ctrl-C.
 * It keeps nothing: its folder is removed at the end.
 */
async function main(): Promise<void> {
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => ending.abort());
  const folder = mkdtempSync(join(tmpdir(), 'customer-hub-demo-wecom-'));
  const simulator = await startSimulator();
  const corp = simulator.world.seeded(SIZE);
  const product = new Product(folder, await portOf(process.env.PORT), ending.signal, {
    WECOM_API_BASE: simulator.url,
    WECOM_CREDENTIAL_KEY: randomBytes(32).toString('hex'),
  });
  try {
    console.log('正在启动 / starting …');
    await product.serve();
    await setUp(product, corp);
    console.log('首次同步 / first sync:');
    const run = await product.command(['wecom', 'sync', String(ENTERPRISE.id)]);
    console.log(guide({ url: product.url, folder, enterprise: ENTERPRISE, run }));
    const url = `${product.url}/business/${ENTERPRISE.uniacid}/plugin/WechatCustomers/receive/${ENTERPRISE.id}`;
    const receiver = { url, ...CALLBACK, corpId: corp.corpId, agentId: corp.apps[0]!.agentId };
    for (const { text, event } of new Story(corp).chapters()) {
      await sleep(SECONDS_BETWEEN_EVENTS * 1000, undefined, { signal: ending.signal });
      const [delivery] = await simulator.send(event(), receiver);
      console.log(`${new Date().toLocaleTimeString('zh-CN')}  ${text} → ${delivery?.body ?? ''}`);
    }
  } catch (error) {
    if (!ending.signal.aborted) throw error;
  } finally {
    await product.stop();
    await simulator.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  console.log('\n演示已结束，数据已删除 / the demo has ended, its data is removed');
}

/** As an operator would: the enterprise, the right to it, the credentials of its app. */
async function setUp(product: Product, { corpId, apps }: Corp): Promise<void> {
  const { id, uniacid, name } = ENTERPRISE;
  const { agentId, secret } = apps[0]!;
  await product.command(['enterprise', 'add', String(id), name, '--uniacid', String(uniacid)]);
  await product.command(['right', 'grant', 'admin', String(id), '--identity', 'manager']);
  const app = ['--corp-id', corpId, '--agent-id', String(agentId)];
  const lines = [secret, CALLBACK.token, CALLBACK.aesKey];
  await product.command(['wecom', 'credential', 'set', String(id), ...app], lines);
}

main().catch((error: unknown) => {
  console.error(`demo:wecom: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
