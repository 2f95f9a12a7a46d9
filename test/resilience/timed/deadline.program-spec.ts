import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../mariadb/server';
import { Program } from '../../program';
import { expectInTime } from './bars';
import { measured } from '../measured';

const HALF = [
  'POST /api/login HTTP/1.1',
  'Host: hub',
  'Content-Type: application/json',
  'Content-Length: 100',
  '',
  '{',
].join('\r\n');

const directory = mkdtempSync(join(tmpdir(), 'customer-hub-deadline-'));
let program: Program;

afterEach(() => program.kill('SIGKILL'));

afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

test('a request that never ends delays the shutdown by 25 seconds at most', async () => {
  program = await new Program(directory, await freePort()).ready();
  const socket = connect(program.port, '127.0.0.1').on('error', () => undefined);
  socket.write(HALF);
  await program.login(); // the half before it is read by then
  const asked = performance.now();
  const { code, stdout } = await program.kill('SIGTERM');
  const seconds = (performance.now() - asked) / 1000;
  measured('shutdown with a request that never ends', { 'seconds until the exit': seconds.toFixed(1) });
  expect(code).toBe(1);
  expect(stdout).toMatch(/requests were still under way 25 s after SIGTERM: they are cut off/);
  expect(seconds).toBeGreaterThan(24);
  expectInTime('a shutdown with a request that never ends', seconds * 1000);
  socket.destroy();
});

test('connections that are silent or half-way through a head delay the shutdown by two looks at them', async () => {
  program = await new Program(directory, await freePort()).ready();
  const sockets = ['', 'POST /api/login HTTP/1.1\r\nHost: h'].map((opening) => {
    const socket = connect(program.port, '127.0.0.1').on('error', () => undefined);
    socket.write(opening);
    return socket;
  });
  await program.login();
  const asked = performance.now();
  const { code } = await program.kill('SIGTERM');
  const milliseconds = performance.now() - asked;
  measured('shutdown with silent connections', { 'ms until the exit': Math.round(milliseconds) });
  expect(code).toBe(0);
  expectInTime('a shutdown with silent connections', milliseconds);
  for (const socket of sockets) socket.destroy();
});
