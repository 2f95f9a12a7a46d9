import { sha256 } from '../../src/base/secrets';
import { AuditEntry } from '../../src/audit/audit-entry.entity';
import { User } from '../../src/auth/entities/user.entity';
import { TestApp } from '../app';
import { runCli } from '../cli';
import { cookieOf, signIn, tokenOf, withCookie, shop } from '../legacy-front/old-front';

const PASSWORDS = ['planted password 1', 'planted password 2', 'planted password 3', 'planted password 4'];
const WRONG = 'planted wrong password';
const CODES = ['planted-code-1', 'planted-code-2', 'planted-code-3'];

test('no password, code, hash or token gets into the audit log, nor a name that is no account', async () => {
  const app = await TestApp.start({ demo: false });
  const secrets = [...PASSWORDS, WRONG, ...CODES, 'planted unknown name'];
  const succeed = async (command: string, input: string) =>
    expect((await runCli(app.databaseUrl, command, input)).code).toBe(0);
  const hash = async () => (await app.row(User, { username: 'boss' }))!.passwordHash;
  const post = async (path: string, json: object, token?: string) => (await app.send(path, { json, token })).body;

  await succeed('account add boss --super', PASSWORDS[0]!);
  secrets.push(await hash());
  await succeed('account password boss', PASSWORDS[1]!);
  secrets.push(await hash());
  await post('/api/login', { username: 'boss', password: WRONG });
  await post('/api/login', { username: 'planted unknown name', password: WRONG });
  const { token, refresh_token } = (await post('/api/login', { username: 'boss', password: PASSWORDS[1] })).result;
  const fresh = (await post('/api/refresh_token', { refresh_token })).result;
  const change = { old_password: PASSWORDS[1], new_password: PASSWORDS[2] };
  expect((await post('/api/user/reset_password', change, fresh.token)).code).toBe(200);
  secrets.push(await hash());
  const cookie = cookieOf(await signIn(app, 'boss', PASSWORDS[2]));
  await shop(app, 'member.logout.index', withCookie(cookie));
  const pair = { user_id: 1, customer_id: 1 };
  for (const [route, json] of [
    ['customer/add', { customer_id: 1, customer_name: 'c', secret: CODES[0] }],
    ['customer/edit', { customer_id: 1, secret: CODES[1] }],
    ['user_customer/add', { ...pair, secret: CODES[2] }],
    ['user_customer/add', { ...pair, secret: CODES[1] }],
    ['user_customer/delete', pair],
    ['customer/delete', { customer_id: 1 }],
  ] as const) {
    await post(`/api/${route}`, json, fresh.token);
  }
  await succeed('customer add 2 c', CODES[0]!);
  await succeed('customer change 2 --code', CODES[1]!);
  await post('/api/logout', {}, fresh.token);

  for (const each of [token, refresh_token, fresh.token, fresh.refresh_token, tokenOf(cookie)])
    secrets.push(each, sha256(each));
  const entries = await app.dataSource.getRepository(AuditEntry).find();
  expect(new Set(entries.map(({ kind }) => kind))).toEqual(new Set(['account', 'sign-in', 'customer', 'relation']));
  const text = JSON.stringify(entries);
  expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
  await app.stop();
});
