import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { readEnv } from '../../src/config/env';
import { connect } from '../../src/database/connect';
import { dataSourceOptions } from '../../src/schema/data-source';
import { freePort, MariadbServer } from '../mariadb/server';
import { Program } from '../program';

const directory = mkdtempSync(join(tmpdir(), 'customer-hub-tls-'));
const programs: Program[] = [];
const servers: MariadbServer[] = [];
let certificate: string;
let url: string;

/** A server with its own certificate for this name, and a user of the program that must connect encrypted. */
async function startServer(name: string): Promise<{ certificate: string; url: string }> {
  const [key, file] = [join(directory, `${name}.key`), join(directory, `${name}.pem`)];
  const wanted = ['-keyout', key, '-out', file, '-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`];
  const openssl = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...wanted];
  execFileSync('openssl', openssl, { stdio: 'ignore' });
  const server = await MariadbServer.start([`--ssl-cert=${file}`, `--ssl-key=${key}`]);
  servers.push(server);
  const connection = await createConnection({ uri: server.url });
  await connection.query('CREATE DATABASE hub CHARACTER SET utf8mb4 COLLATE utf8mb4_bin');
  await connection.query("CREATE USER hub@'%' IDENTIFIED BY 'p@ss' REQUIRE SSL");
  await connection.query("GRANT ALL ON hub.* TO hub@'%'");
  await connection.end();
  const dataSource = await connect(dataSourceOptions(readEnv({ DATABASE_URL: `${server.url}hub` })));
  await dataSource.runMigrations();
  await dataSource.destroy();
  return { certificate: file, url: `mariadb://hub:p%40ss@localhost:${new URL(server.url).port}/hub` };
}

async function start(settings: Record<string, string>): Promise<Program> {
  const program = new Program(directory, await freePort(), { DATABASE_URL: url, ...settings });
  programs.push(program);
  return program;
}

async function expectRefusal(settings: Record<string, string>, reason: RegExp): Promise<void> {
  const { code, stderr } = await (await start(settings)).exited;
  expect(code).toBe(1);
  expect(stderr).toMatch(/^customer-hub cannot start: the database of DATABASE_URL cannot be opened \([^\n]*\)\n$/);
  expect(stderr).toMatch(reason);
}

beforeAll(async () => {
  ({ certificate, url } = await startServer('localhost'));
});

afterAll(async () => {
  await Promise.all(programs.map((program) => program.kill('SIGKILL')));
  for (const server of servers) await server.stop();
  rmSync(directory, { recursive: true, force: true });
});

describe('DATABASE_TLS', () => {
  test('encrypts the connections to a server with a valid certificate', async () => {
    const program = await (await start({ DATABASE_TLS: 'true', NODE_EXTRA_CA_CERTS: certificate })).ready();
    expect((await program.login()).msg).toBe('用户名或密码错误'); // no such account: the database was asked
  });

  test('is required where the server demands it', () => expectRefusal({}, /ER_ACCESS_DENIED/));

  test('accepts no certificate of an unknown authority', () =>
    expectRefusal({ DATABASE_TLS: 'true' }, /SELF_SIGNED|HANDSHAKE|UNABLE_TO_VERIFY/));

  test('accepts no certificate of another host', async () => {
    const other = await startServer('db.example.com');
    const settings = { DATABASE_TLS: 'true', NODE_EXTRA_CA_CERTS: other.certificate, DATABASE_URL: other.url };
    await expectRefusal(settings, /ALTNAME|HANDSHAKE/);
  });
});
