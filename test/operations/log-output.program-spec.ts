import { execFile } from 'node:child_process';
import { mkdtempSync, openSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLI } from '../cli';
import { linesOf } from '../log';
import { freePort } from '../mariadb/server';
import { Program } from '../program';

const METRICS_TOKEN = 'a-token-of-the-scraper';

/** Answers whose lines fill a pipe (64 KiB) and what may wait (256 KiB) twice over. */
const MANY = 4000;

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'customer-hub-output-'));
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe('the program whose standard output takes no more', () => {
  let program: Program | undefined;

  afterEach(() => program?.kill('SIGKILL'));

  const start = async (stdio?: ConstructorParameters<typeof Program>[3]) => {
    const settings = { METRICS_TOKEN, NODE_ENV: 'production', RATE_LIMIT_ADDRESS: '0', MAX_EVENT_LOOP_DELAY_MS: '0' };
    program = await new Program(directory, await freePort(), settings, stdio).ready();
    return program;
  };

  const ask = async ({ port }: Program, times: number) => {
    const url = `http://127.0.0.1:${port}/api/user`;
    const get = async () => (await fetch(url)).text();
    for (let asked = 0; asked < times; asked += 40) await Promise.all(Array.from({ length: 40 }, get));
  };

  const linesLost = async ({ port }: Program) => {
    const headers = { authorization: `Bearer ${METRICS_TOKEN}` };
    const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`, { headers })).text();
    return Number(/^customer_hub_log_lines_lost_total (\d+)$/m.exec(metrics)![1]);
  };

  test('serves on with a full disk, counts the lines that are lost and says so once', async () => {
    const full = openSync('/dev/full', 'w');
    const running = await start(['ignore', full, 'pipe']);
    await ask(running, MANY);
    expect(await linesLost(running)).toBeGreaterThan(0);
    expect((await running.login()).code).toBe(200);
    const { code, stderr } = await running.kill('SIGTERM');
    expect([code, stderr]).toEqual([
      0,
      'customer-hub: the log cannot be written (ENOSPC), serving goes on without it\n',
    ]);
  });

  test('serves on when standard error is full too', async () => {
    const full = openSync('/dev/full', 'w');
    const running = await start(['ignore', full, full]);
    expect((await running.login()).code).toBe(200);
    expect((await running.kill('SIGTERM')).code).toBe(0);
  });

  test('serves on when the readers of its output have gone', async () => {
    const running = await start();
    running.child.stdout!.destroy();
    running.child.stderr!.destroy();
    await ask(running, MANY);
    expect(await linesLost(running)).toBeGreaterThan(0);
    expect((await running.kill('SIGTERM')).code).toBe(0);
  });

  test('does not wait for a reader that reads nothing; the log says later how many lines it lacks', async () => {
    const running = await start();
    running.child.stdout!.pause();
    await ask(running, MANY);
    const lost = await linesLost(running);
    expect(lost).toBeGreaterThan(0);
    running.child.stdout!.resume();
    for (let left = 200; left > 0 && !running.output.stdout.includes('are lost'); left--) {
      await new Promise((again) => setTimeout(again, 100));
    }
    expect(linesOf(running.output.stdout)).toContainEqual(
      expect.objectContaining({ level: 'error', lines: lost, msg: expect.stringContaining('are lost') }),
    );
    expect((await running.kill('SIGTERM')).stderr).toContain('(EAGAIN), serving goes on without it\n');
  });
});

describe('a command whose standard output takes no more', () => {
  /** Runs a shell line in which `cli` is the built command line. */
  const shell = (line: string) =>
    new Promise<{ code: number; stderr: string }>((done) => {
      const env = { PATH: process.env.PATH, DATABASE_URL: `sqlite:${join(directory, 'hub.sqlite')}` };
      const script = `cli() { ${process.execPath} ${CLI} "$@"; }; ${line}`;
      execFile('bash', ['--norc', '-c', script], { env, cwd: directory }, (error, _stdout, stderr) =>
        done({ code: Number(error?.code ?? 0), stderr }),
      );
    });

  const names = Array.from({ length: 3 }, (_, index) => String(index).repeat(250));

  beforeEach(async () => {
    expect(await shell('cli migrate')).toEqual({ code: 0, stderr: '' });
    for (const [index, name] of names.entries()) {
      expect((await shell(`cli enterprise add ${index + 1} ${name} --uniacid 2`)).code).toBe(0);
    }
  });

  test('fails when the disk is full', async () => {
    expect(await shell('cli enterprise list > /dev/full')).toEqual({
      code: 1,
      stderr: 'customer-hub: standard output takes no more (ENOSPC)\n',
    });
  });

  test('fails when only a part fits', async () => {
    // A limit on the size of files stands for a small disk; SQLite needs 32 KiB of it.
    const { code, stderr } = await shell('head -c 33000 /dev/zero > list; ulimit -f 33; cli enterprise list >> list');
    expect([code, stderr]).toEqual([1, 'customer-hub: standard output takes no more (EFBIG)\n']);
    expect(statSync(join(directory, 'list')).size).toBe(33 * 1024);
  });

  test('ends without a word when its reader has gone', async () => {
    const { stderr } = await shell('cli enterprise list | true');
    expect(stderr).toBe('');
  });
});
