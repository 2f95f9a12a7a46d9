import { Readable } from 'node:stream';
import { AuditEntry } from '../../../src/audit/audit-entry.entity';
import { changeEnterprise } from '../../../src/enterprise/enterprises';
import { operator } from '../../../src/audit/operator';
import { readEnv } from '../../../src/config/env';
import { insertRows } from '../../../src/database/insert';
import { reasonOf } from '../../../src/base/operator-error';
import { WecomToken } from '../../../src/wecom/client/token.entity';
import { WecomCorp } from '../../../src/wecom/corps/corp.entity';
import { Corps } from '../../../src/wecom/corps/corps';
import { credentialCommand } from '../../../src/wecom/corps/credential.command';
import { TestApp } from '../../app';
import { happened } from '../../audit/exported';
import { runCli } from '../../cli';
import { buildEnterprise } from '../../factories';

const KEY = '0123456789abcdef'.repeat(4);
const OTHER_KEY = 'f'.repeat(64);

/** Each is looked for in outputs and tables. */
const SECRET = 'planted-secret-of-the-app-0000000000000001';
const [TOKEN, AES_KEY] = ['PlantedToken1', 'PlantedAesKey1'.padEnd(43, 'x')];
const [CONTACTS_TOKEN, CONTACTS_AES_KEY] = ['PlantedToken2', 'PlantedAesKey2'.padEnd(43, 'x')];
const APP = `${SECRET}\n${TOKEN}\n${AES_KEY}\n`;
const CONTACTS = `${CONTACTS_TOKEN}\n${CONTACTS_AES_KEY}\n`;

const PATH = '/business/2/plugin/WechatCustomers/receive/71';

interface Run {
  code: number | null;
  stdout: string;
  stderr: string;
}

describe('wecom credential', () => {
  let app: TestApp;
  let output = '';

  beforeAll(async () => {
    app = await TestApp.start({ demo: false });
    await buildEnterprise(app.dataSource, { id: 71, uniacid: 2 });
    await buildEnterprise(app.dataSource, { id: 72, uniacid: 3 });
  });

  afterEach(async () => {
    for (const entity of [WecomCorp, WecomToken, AuditEntry]) await app.dataSource.getRepository(entity).clear();
  });

  afterAll(async () => {
    await app.stop();
    expect(output).not.toMatch(/planted/i);
  });

  /** Runs the command as a process. */
  async function runApart(command: string, input?: string, key: string | null = KEY): Promise<Run> {
    const settings: Record<string, string> = key === null ? {} : { WECOM_CREDENTIAL_KEY: key };
    const result = await runCli(app.databaseUrl, `wecom credential ${command}`, input, settings);
    output += result.stdout + result.stderr;
    return result;
  }

  /** The same in this process, because one for each of a hundred runs would take a minute. */
  async function run(command: string, input: string | Buffer = '', key: string | null = KEY): Promise<Run> {
    let [code, stdout, stderr] = [0, '', ''];
    const { stdin, env } = process;
    const log = jest.spyOn(console, 'log').mockImplementation((line) => void (stdout += `${line}\n`));
    const table = jest.spyOn(console, 'table').mockImplementation((lines) => void (stdout += JSON.stringify(lines)));
    Object.defineProperty(process, 'stdin', { value: Readable.from([Buffer.from(input)]) });
    process.env = { ...env, ...(key !== null && { WECOM_CREDENTIAL_KEY: key }) };
    try {
      const credential = credentialCommand(async (work, done) => {
        await work(app.dataSource);
        if (done) console.log(done);
      });
      await credential.parseAsync(command.split(' '), { from: 'user' });
    } catch (error) {
      code = 1;
      stderr = `customer-hub: ${reasonOf(error)}\n`;
    } finally {
      Object.defineProperty(process, 'stdin', { value: stdin });
      process.env = env;
      log.mockRestore();
      table.mockRestore();
    }
    output += stdout + stderr;
    return { code, stdout, stderr };
  }

  async function succeed(command: string, input?: string, key?: string, by: typeof runApart = run) {
    const result = await by(command, input, key);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    return result.stdout;
  }

  const corpsWith = (key: string) => new Corps(readEnv({ WECOM_CREDENTIAL_KEY: key }), app.dataSource);
  const corp = (key = KEY) => corpsWith(key).of(71);
  const rows = () => app.dataSource.getRepository(WecomCorp).find({ order: { enterpriseId: 'ASC' } });

  test('sets, shows and removes those of an app', async () => {
    const apart = (command: string, input?: string) => succeed(command, input, KEY, runApart);
    expect(await apart('set 71 --corp-id ww71 --agent-id 1000002', APP)).toBe(
      `the credentials of enterprise 71 are set; WeCom's callbacks come to ${PATH}\n`,
    );
    expect(await corp()).toEqual({
      enterpriseId: 71,
      uniacid: 2,
      corpId: 'ww71',
      agentId: 1_000_002,
      secret: SECRET,
      callbacks: [{ token: TOKEN, aesKey: AES_KEY }],
    });
    const [row] = await rows();
    expect(JSON.stringify(row)).not.toMatch(/planted/i);
    const shown = await apart('show 71');
    for (const part of ['ww71', '1000002', "'set'", PATH]) expect(shown).toContain(part);
    expect(await apart('remove 71')).toBe('enterprise 71 has no credentials any more\n');
    expect(await corp()).toBeNull();
    expect(await runApart('show 71')).toMatchObject({
      code: 1,
      stderr: 'customer-hub: enterprise 71 has no credentials\n',
    });
    expect(await runApart('remove 71')).toMatchObject({ code: 1 });
  });

  test('are read of a tenant, never of the enterprise of another official account', async () => {
    await succeed('set 71 --corp-id ww71', APP);
    const corps = corpsWith(KEY);
    expect(await corps.of({ uniacid: 2, enterpriseId: 71 })).toMatchObject({ corpId: 'ww71', agentId: null });
    expect(await corps.of({ uniacid: 3, enterpriseId: 71 })).toBeNull();
    expect(await corps.of(72)).toBeNull();
  });

  test('may be without callbacks, and have those of the contacts-sync assistant beside them', async () => {
    await succeed('set 71 --corp-id ww71', `${SECRET}\n\n\n`);
    expect((await corp())!.callbacks).toEqual([]);
    expect(await succeed('set 71 --contacts', CONTACTS)).toContain(PATH);
    const contacts = { token: CONTACTS_TOKEN, aesKey: CONTACTS_AES_KEY };
    expect((await corp())!.callbacks).toEqual([contacts]);
    await succeed('set 71 --corp-id ww71', APP.replaceAll('\n', '\r\n'));
    expect((await corp())!.callbacks).toEqual([{ token: TOKEN, aesKey: AES_KEY }, contacts]);
    await succeed('set 71 --corp-id ww99', APP);
    expect((await corp())!.callbacks).toEqual([{ token: TOKEN, aesKey: AES_KEY }]);
    await succeed('set 71 --contacts', CONTACTS);
    await succeed('set 71 --contacts', '\n\n');
    expect((await corp())!.callbacks).toHaveLength(1);
  });

  test('are in the audit log by what is set, never by a value', async () => {
    await succeed('set 71 --corp-id ww71 --agent-id 7', APP);
    await succeed('set 71 --corp-id ww71 --agent-id 7', APP);
    await succeed('set 71 --corp-id ww71', APP.replace(SECRET, 'planted-secret-2'));
    await succeed('set 71 --contacts', CONTACTS);
    await succeed('remove 71');
    const about = { kind: 'credential', enterprise_id: 71, actor_id: null, actor: operator().username };
    const hidden = { hidden: true };
    const callbacks = { callback_token: hidden, callback_aes_key: hidden };
    const contacts = { contacts_token: hidden, contacts_aes_key: hidden };
    expect(await happened(app)).toEqual([
      {
        ...about,
        action: 'add',
        changes: {
          corp_id: { old: null, new: 'ww71' },
          agent_id: { old: null, new: 7 },
          secret: hidden,
          ...callbacks,
        },
      },
      { ...about, action: 'edit', changes: { agent_id: { old: 7, new: null }, secret: hidden } },
      { ...about, action: 'edit', changes: contacts },
      {
        ...about,
        action: 'delete',
        changes: {
          corp_id: { old: 'ww71', new: null },
          agent_id: { old: null, new: null },
          secret: hidden,
          ...callbacks,
          ...contacts,
        },
      },
    ]);
    expect(JSON.stringify(await app.dataSource.getRepository(AuditEntry).find())).not.toMatch(/planted/i);
  });

  test.each<[what: string, command: string, input: string, reason: string]>([
    ['an unknown enterprise', 'set 999 --corp-id ww71', APP, 'there is no enterprise 999'],
    ['an empty secret', 'set 71 --corp-id ww71', `\n${TOKEN}\n${AES_KEY}\n`, 'the secret is empty, nothing is changed'],
    ['no input', 'set 71 --corp-id ww71', '', 'the secret is empty, nothing is changed'],
    ['a blank in the secret', 'set 71 --corp-id ww71', 'planted a\n', 'the secret is up to 128 characters of ASCII'],
    [
      'a long Token',
      'set 71 --corp-id ww71',
      `${SECRET}\n${'planted'.repeat(5)}\n${AES_KEY}\n`,
      'the Token has at most 32',
    ],
    ['a Token alone', 'set 71 --corp-id ww71', `${SECRET}\n${TOKEN}\n`, 'the EncodingAESKey is empty'],
    ['a key alone', 'set 71 --corp-id ww71', `${SECRET}\n\n${AES_KEY}\n`, 'the Token is empty'],
    ['a short key', 'set 71 --corp-id ww71', `${SECRET}\n${TOKEN}\n${AES_KEY.slice(1)}\n`, 'the EncodingAESKey has 43'],
    [
      'a key with others',
      'set 71 --corp-id ww71',
      `${SECRET}\n${TOKEN}\n+${AES_KEY.slice(1)}\n`,
      'the EncodingAESKey has 43',
    ],
    ['a fourth line', 'set 71 --corp-id ww71', `${APP}planted\n`, 'standard input has more than 3 lines'],
    ['another encoding', 'set 71 --corp-id ww71', 'planted', 'standard input must be UTF-8'],
    ['neither app nor assistant', 'set 71', APP, 'either --corp-id'],
    ['both', 'set 71 --contacts --corp-id ww71', APP, 'either --corp-id'],
    ['an assistant without an app', 'set 71 --contacts', CONTACTS, 'enterprise 71 has no credentials: set'],
    [
      'a long Token of the assistant',
      'set 71 --contacts',
      `${'planted'.repeat(5)}\n${AES_KEY}\n`,
      'the Token has at most 32',
    ],
  ])('refuses %s in one line, and changes nothing', async (what, command, input, reason) => {
    const given = what === 'another encoding' ? Buffer.from([0xd6, 0xd0]) : input;
    const result = await run(command, given);
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toMatch(/^customer-hub: [^\n]+\n$/);
    expect(result.stderr).toContain(reason);
    expect([await rows(), await happened(app)]).toEqual([[], []]);
  });

  test('refuses a stopped enterprise', async () => {
    await succeed('set 71 --corp-id ww71', APP);
    const before = await rows();
    await changeEnterprise(app.dataSource, 71, { running: false }, operator());
    for (const command of ['set 71 --corp-id ww72', 'set 71 --contacts', 'show 71', 'remove 71']) {
      expect(await run(command, APP)).toEqual({
        code: 1,
        stdout: '',
        stderr: 'customer-hub: enterprise 71 is stopped\n',
      });
    }
    expect(await rows()).toEqual(before);
    await changeEnterprise(app.dataSource, 71, { running: true }, operator());
  });

  test('needs the key, of the right form and the one that others are encrypted with', async () => {
    await succeed('set 71 --corp-id ww71', APP);
    const before = await rows();
    const isNeeded =
      'customer-hub: WECOM_CREDENTIAL_KEY is needed: 64 hex digits, for example of openssl rand -hex 32\n';
    const isOther =
      'customer-hub: WECOM_CREDENTIAL_KEY is not the key that the credentials of enterprise 71 are encrypted with\n';
    for (const command of ['set 71 --corp-id ww71', 'set 72 --corp-id ww72', 'set 71 --contacts', 'show 71']) {
      const input = command.includes('contacts') ? CONTACTS : APP;
      const refusal = { code: 1, stdout: '' };
      expect(await run(command, input, null)).toEqual({ ...refusal, stderr: isNeeded });
      expect(await run(command, input, OTHER_KEY)).toEqual({ ...refusal, stderr: isOther });
      const { code, stderr } = await run(command, input, 'planted-key');
      expect([code, stderr]).toEqual([1, 'customer-hub: WECOM_CREDENTIAL_KEY must be 64 hex digits\n']);
    }
    expect(await rows()).toEqual(before);
    await expect(corp(OTHER_KEY)).rejects.toThrow('WECOM_CREDENTIAL_KEY is not the key');
    await expect(new Corps(readEnv({}), app.dataSource).of(71)).rejects.toThrow('WECOM_CREDENTIAL_KEY is needed');
    // A lost key leaves this way.
    const { code } = await run('remove 71', '', null);
    expect(code).toBe(0);
    await succeed('set 71 --corp-id ww71', APP, OTHER_KEY);
    expect(await corp(OTHER_KEY)).toMatchObject({ secret: SECRET });
  });

  test('a value moved to another enterprise or column cannot be read', async () => {
    await succeed('set 71 --corp-id ww71', APP);
    await succeed('set 72 --corp-id ww72', APP.replace(SECRET, 'planted-secret-of-72'));
    const [row71, row72] = await rows();
    const { manager } = app.dataSource;
    await manager.update(WecomCorp, { enterpriseId: 72 }, { secret: row71!.secret });
    await expect(corpsWith(KEY).of(72)).rejects.toThrow('WECOM_CREDENTIAL_KEY is not the key');
    await manager.update(
      WecomCorp,
      { enterpriseId: 72 },
      { secret: row72!.secret, contactsToken: row72!.callbackToken },
    );
    await expect(corpsWith(KEY).of(72)).rejects.toThrow('WECOM_CREDENTIAL_KEY is not the key');
  });

  test('set and remove forget the access token', async () => {
    await succeed('set 71 --corp-id ww71', APP);
    const [{ pair } = { pair: '' }] = await rows();
    const tokenRows = () => app.dataSource.getRepository(WecomToken).count();
    for (const [command, input] of [
      ['set 71 --corp-id ww71', APP],
      ['set 71 --corp-id ww71', APP.replace(SECRET, 'planted-other')],
    ] as const) {
      await insertRows(app.dataSource.manager, WecomToken, { pair });
      await succeed(command, input);
      expect(await tokenRows()).toBe(0);
    }
    const [changed] = await rows();
    await insertRows(app.dataSource.manager, WecomToken, { pair: changed!.pair });
    await succeed('remove 71');
    expect(await tokenRows()).toBe(0);
  });
});
