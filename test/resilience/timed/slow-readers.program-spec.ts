import { mkdtempSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readEnv } from '../../../src/config/env';
import { connect } from '../../../src/database/connect';
import { dataSourceOptions } from '../../../src/schema/data-source';
import { buildUser } from '../../factories';
import { freePort } from '../../mariadb/server';
import { Program } from '../../program';
import { fillLargeRows, LARGE_LIST, LARGE_ROWS, leavePageUnread, ROW_BYTES } from '../large-pages';
import { ask, until } from '../load';
import { measured } from '../measured';
import { UNLIMITED } from '../unlimited';

/** A phone's reading, in bytes a second: 6 MB take two minutes. */
const PHONE = 50_000;

/** More than an account may leave unread, by far. */
const UNREAD = 20;

const directory = mkdtempSync(join(tmpdir(), 'customer-hub-slow-readers-'));
const sockets: Socket[] = [];
let program: Program;

beforeAll(async () => {
  const databaseUrl = `sqlite:${join(directory, 'hub.sqlite')}`;
  await fillLargeRows(databaseUrl);
  const dataSource = await connect(dataSourceOptions(readEnv({ DATABASE_URL: databaseUrl })));
  for (const username of ['phone', 'other']) await buildUser(dataSource, { username, isSuper: 1 });
  await dataSource.destroy();
  program = await new Program(directory, await freePort(), UNLIMITED).ready();
});

afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await program.kill('SIGKILL');
  rmSync(directory, { recursive: true, force: true });
});

async function signIn(username: string, password = 'password'): Promise<string> {
  return (await program.post('/api/login', { username, password })).result.token;
}

/** Reads an answer at the pace of a phone. */
async function readSlowly(socket: Socket): Promise<string> {
  let answer = '';
  for await (const chunk of socket) {
    answer += String(chunk);
    if (answer.length > LARGE_ROWS * ROW_BYTES && answer.endsWith('}')) return answer;
    await sleep((String(chunk).length / PHONE) * 1000);
  }
  throw new Error(`cut off after ${answer.length} bytes`);
}

test('answers nobody reads: a 503 for further ones of that account, nothing for others, and the end of the connections', async () => {
  const url = `http://127.0.0.1:${program.port}${LARGE_LIST}`;
  const [attacker, phone, other] = [await signIn('admin', 'demo-admin'), await signIn('phone'), await signIn('other')];
  const begun = performance.now();
  const seconds = () => ((performance.now() - begun) / 1000).toFixed(0);

  const slowly = readSlowly(leavePageUnread(program.port, phone, LARGE_ROWS));
  for (let n = 0; n < UNREAD; n++) sockets.push(leavePageUnread(program.port, attacker, LARGE_ROWS));
  const page = (token: string) => ask(url, { page_size: LARGE_ROWS }, token);
  await until(async () => (await page(attacker)).status === 503);
  expect((await ask(url, { page_size: 1 }, attacker)).body.code).toBe(200);
  expect((await page(other)).body.code).toBe(200);

  await until(async () => (await page(attacker)).status === 200, 90_000);
  const freed = seconds();
  expect((await slowly).split('HTTP/1.1 200')).toHaveLength(2);
  measured(`${UNREAD} answers of 6 MB nobody reads`, {
    'seconds until they were dropped': freed,
    [`seconds of a phone at ${PHONE / 1000} KB/s`]: seconds(),
  });
});
