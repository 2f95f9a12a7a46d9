import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../mariadb/server';
import { Program } from '../program';

const EXAMPLES = resolve(__dirname, '../../examples');

/** The examples as they are, with the built client, on the built server with its demo data. */
describe('the examples', () => {
  let directory: string;
  let server: Program;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'customer-hub-examples-'));
    const settings = { MAX_EVENT_LOOP_DELAY_MS: '0' }; // a busy test machine is no overload
    server = await new Program(directory, await freePort(), settings).ready();
  });

  afterAll(async () => {
    await server?.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  });

  /** Runs an example to its end. @returns its lines */
  async function run(name: string, settings: Record<string, string> = {}): Promise<string[]> {
    const env = { PATH: process.env.PATH, HUB_URL: `http://127.0.0.1:${server.port}`, ...settings };
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [join(EXAMPLES, name)], { env });
    expect(stderr).toBe('');
    return stdout.trimEnd().split('\n');
  }

  test('sign-in-and-list.mjs', async () => {
    const lines = await run('sign-in-and-list.mjs');
    expect(lines).toContain('signed in as admin, user 1000');
    expect(lines).toContain('2 relations, the newest:');
    expect(lines).toContain('  user 998 follows customer 1002 since 2018-11-28 11:04:18');
    expect(lines.filter((line) => /^ {2}\w+ follows (?!customer)/.test(line))).toHaveLength(5);
  });

  test('sign-in-and-list.mjs as another account', async () => {
    const lines = await run('sign-in-and-list.mjs', { HUB_USERNAME: 'demo', HUB_PASSWORD: 'demo-user' });
    expect(lines).toContain('signed in as demo, user 998');
  });

  test('follow-and-unfollow.mjs, which leaves nothing behind', async () => {
    const lines = await run('follow-and-unfollow.mjs');
    expect(lines[0]).toMatch(/^refused: 授权码错误 \(mix_code 230001, request [\w-]{36}\)$/);
    expect(lines.join('\n')).toContain("reference: 'from the example'");
    expect(lines.slice(-2)).toEqual(["reference after the edit: ''", 'unfollowed']);
    expect(await run('follow-and-unfollow.mjs')).toHaveLength(lines.length);
  });

  test('make-1000-customers.mjs, then walk-1000-customers.mjs', async () => {
    expect(await run('make-1000-customers.mjs')).toEqual(['1000 customers added']);
    const [customers, follows] = await run('walk-1000-customers.mjs');
    expect(customers).toMatch(/^1004 customers: \{.*'湖北省': 200/);
    expect(follows).toMatch(/^45 follows, of which \d are lost$/);
  });
});
