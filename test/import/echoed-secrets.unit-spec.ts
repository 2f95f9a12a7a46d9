import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { MixSystem } from '../../src/import/originals/mix-system';
import { relationPages } from '../../src/import/originals/mix-pages';
import { SystemTransport } from '../../src/import/originals/transport';
import { getList } from '../../src/import/originals/wechat-pages';
import { WechatSystem } from '../../src/import/originals/wechat-system';
import { Findings } from '../../src/compare/findings';

/** Systems that repeat in their sentences what they were sent; ESC stands for what terminals obey. */
describe('an original that repeats secrets', () => {
  let server: Server;
  let transport: SystemTransport;

  beforeEach(async () => {
    server = createServer((request, response) => {
      response.setHeader('content-type', 'application/json');
      const { url = '', headers } = request;
      if (url === '/api/login') return response.end('{"code":200,"msg":"ok","result":{"token":"t0k","is_super":1}}');
      if (url.endsWith('manageBusiness')) return response.end('{"result":1,"msg":"ok","data":[]}');
      const msg = `not you, ${headers.authorization}, of pa55\u001b[2J`;
      response.end(JSON.stringify({ code: 500, result: 0, msg, data: [] }));
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo;
    transport = new SystemTransport(`http://127.0.0.1:${port}`, { rate: 1000, timeoutMs: 5_000, onRetry: () => {} });
  });

  afterEach(async () => {
    await transport.close();
    server.close();
  });

  test('of MixIOT: its refusal is shown without them', async () => {
    const system = await MixSystem.signIn(transport, { username: 'admin', password: 'pa55' });
    await expect(relationPages(system).ask(1)).rejects.toThrow(/refused: not you, Bearer …, of … \[2J$/);
  });

  test('of 芸众, by a token: its refusal is shown without it, encoded or not', async () => {
    const access = { username: '7', password: 'pa55', isToken: true };
    const system = await WechatSystem.signIn(transport, { uniacid: 2, businessId: 1 }, access);
    await expect(getList(system, {})).rejects.toThrow(/refused: not you, Basic …, of … \[2J$/);
  });

  test('is compared, and shown without them', () => {
    const findings = new Findings(() => ['pa55']);
    const said = { kind: 'envelope', field: 'msg', theirs: 'of pa55\u009b2J', ours: 'of pa55 too' } as const;
    findings.add('a question', [said]);
    expect(String(findings)).toContain('  theirs "of … 2J"\n  ours   "of … too"');
    expect(JSON.stringify(findings)).not.toContain('pa55');
  });
});
