import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../mariadb/server';
import { Program } from '../program';
import { measured } from './measured';

const directory = mkdtempSync(join(tmpdir(), 'customer-hub-deadline-'));
let program: Program;

afterAll(async () => {
  await program.kill('SIGKILL');
  rmSync(directory, { recursive: true, force: true });
});

test('a request that never ends delays the shutdown by 25 seconds at most', async () => {
  program = await new Program(directory, await freePort()).ready();
  const socket = connect(program.port, '127.0.0.1').on('error', () => undefined);
  socket.write(
    'POST /api/login HTTP/1.1\r\nHost: hub\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
  );
  await sleep(500);
  const asked = performance.now();
  const { code, stdout } = await program.kill('SIGTERM');
  const seconds = (performance.now() - asked) / 1000;
  measured('shutdown with a request that never ends', { 'seconds until the exit': seconds.toFixed(1) });
  expect(code).toBe(1);
  expect(stdout).toMatch(/requests were still under way 25 s after SIGTERM: they are cut off/);
  expect(seconds).toBeGreaterThan(24);
  expect(seconds).toBeLessThan(28);
  socket.destroy();
});
