import { inspect } from 'node:util';
import { engine } from '../../database';
import { WecomClient } from '../../../src/wecom/client/wecom-client';
import { readEnv } from '../../../src/config/env';
import { sentenceOf } from '../../../src/wecom/client/errors';
import { Corps } from '../../../src/wecom/corps/corps';
import { runCli } from '../../cli';
import { buildEnterprise } from '../../factories';
import { logOf } from '../../log';
import { KEY, Wecom } from './wecom';

const [TOKEN, AES_KEY] = ['CanaryToken', 'CanaryAesKey'.padEnd(43, 'x')];

test('secret, Token, EncodingAESKey and access token are in no log, error, output or table', async () => {
  let wecom = undefined as unknown as Wecom;
  const ofStart = await logOf(async () => {
    wecom = await Wecom.start({ LOG_LEVEL: 'trace' });
  });
  const { app, simulator, corp } = wecom;
  const canaries = [corp.secret, TOKEN, AES_KEY, KEY];
  const seen = [ofStart];
  await buildEnterprise(app.dataSource, { id: 1, uniacid: 2 });
  const settings = { WECOM_CREDENTIAL_KEY: KEY, WECOM_API_BASE: simulator.url };
  const run = async (command: string, input: string) =>
    seen.push(JSON.stringify(await runCli(app.databaseUrl, `wecom credential ${command}`, input, settings)));

  await run(`set 1 --corp-id ${corp.corpId}`, `${corp.secret}\n${TOKEN}\n${AES_KEY}\n`);
  await run('set 1 --contacts', `${TOKEN}\n${AES_KEY}\n`);
  await run('set 1 --contacts', `${TOKEN}\n${AES_KEY}${AES_KEY}\n`);
  await run('show 1', '');
  await run('show 2', '');

  const fail = async (work: Promise<unknown>) => {
    const error: unknown = await work.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(Error);
    seen.push(inspect(error, { depth: 9, showHidden: true }), JSON.stringify(error), sentenceOf(error));
  };
  const log = await logOf(async () => {
    const stored = (await new Corps(readEnv(settings), app.dataSource).of(1))!;
    expect(stored).toMatchObject({ secret: corp.secret, callbacks: [{ token: TOKEN }, { aesKey: AES_KEY }] });
    const env = readEnv({ ...settings, WECOM_TIMEOUT_MS: '1500' });
    const client = new WecomClient(env, app.dataSource); // with the log of the program
    const api = client.for(stored);
    const list = 'externalcontact/get_follow_user_list';
    for (const kind of [
      { errcode: 48002 },
      { errcode: 40014 },
      { errcode: -1 },
      'reset',
      'hang',
      { status: 502 },
    ] as const) {
      simulator.faults.clear();
      simulator.faults.add({ path: list, kind, times: 'always' });
      await fail(api.followers());
    }
    simulator.faults.clear();
    simulator.faults.add({ path: 'gettoken', kind: 'reset', times: 'always' });
    simulator.tokens.revoke(corp.corpId);
    await fail(api.followers());
    simulator.faults.clear();
    await fail(client.for({ ...stored, secret: 'CanaryWrong' }).followers());
    canaries.push('CanaryWrong');
    expect(await api.followers()).toHaveLength(4);
    await client.close();
    await fail(api.followers());
  });
  expect(log).toContain('externalcontact/get_follow_user_list: errcode 48002, hint ');

  const tokens = [...(simulator.tokens as unknown as { tokens: Map<string, unknown> }).tokens.keys()];
  expect(tokens.length).toBeGreaterThan(1);
  const tables =
    engine === 'sqlite'
      ? "SELECT name AS name FROM sqlite_master WHERE type = 'table'"
      : 'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()';
  for (const { name } of await app.dataSource.query<{ name: string }[]>(tables)) {
    seen.push(JSON.stringify(await app.dataSource.query(`SELECT * FROM ${name}`)));
  }
  const all = [log, ...seen].join('\n');
  expect([...canaries, ...tokens, 'access_token=', 'corpsecret'].filter((canary) => all.includes(canary))).toEqual([]);
  await wecom.stop();
});
