import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { welcome } from '../../src/start/welcome';
import { StartOptions, TestApp } from '../app';
import { buildUser } from '../factories';

const hasCurl = spawnSync('curl', ['--version']).status === 0;
if (!hasCurl) console.warn('commands of the welcome not run: no curl installed');

/** The welcome of a fresh app. @returns what is printed, and the command or page of each step */
async function greet(options?: StartOptions) {
  const app = await TestApp.start(options);
  const text = await welcome(app.app);
  const steps = [...(text ?? '').matchAll(/^ {2}\d\. ([a-z ]+?) {2,}(.+)$/gm)].map(([, what, how]) => [what!, how!]);
  return { app, text, how: Object.fromEntries(steps) as Record<string, string> };
}

describe('the welcome', () => {
  let app: TestApp;

  afterEach(() => app.stop());

  test('has five steps on demo data, whose pages are served', async () => {
    const greeting = await greet();
    app = greeting.app;
    expect(greeting.text).toContain(`serves ${app.url} with demo data`);
    expect(Object.keys(greeting.how)).toEqual([
      'open the documentation',
      'sign in',
      'list customers',
      'connect a client',
      'move in',
    ]);
    const pages = [...greeting.text!.matchAll(/http:\S+\/docs\S*/g)].map(([page]) => page);
    expect(pages).toEqual([`${app.url}/docs`, `${app.url}/docs-json`]);
    for (const page of pages) {
      expect((await app.send(page.slice(app.url.length), { method: 'GET' })).status).toBe(200);
    }
  });

  (hasCurl ? test : test.skip)('has commands that sign in and list as they are', async () => {
    const greeting = await greet();
    app = greeting.app;
    const script = `${greeting.how['sign in']}\n${greeting.how['list customers']}`;
    const { stdout } = await promisify(execFile)('sh', ['-c', script]);
    const [chosen, list] = stdout.split(/(?<=\})(?=\{"result")/);
    expect(JSON.parse(chosen!)).toEqual({ result: 1, msg: '成功', data: [] });
    expect(JSON.parse(list!).data.data.map(({ id }: { id: number }) => id)).toEqual([63, 62]);
  });

  test('says how to begin without demo data, and names no demo account', async () => {
    const greeting = await greet({ demo: false });
    app = greeting.app;
    expect(greeting.text).toContain(`serves ${app.url}, without an account`);
    expect(greeting.how['add an account']).toContain('account add');
    expect(greeting.how['add an enterprise']).toContain('enterprise add');
    expect(Object.keys(greeting.how)).toHaveLength(5);
    expect(greeting.text).not.toMatch(/demo-/);
  });

  test('is silent once there are accounts of its own', async () => {
    const greeting = await greet({ fill: async (dataSource) => void (await buildUser(dataSource)) });
    app = greeting.app;
    expect(greeting.text).toBeUndefined();
  });
});
