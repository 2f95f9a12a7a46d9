import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { until } from '../until';

/** The follows of the simulated corp, before any event. */
const SEEDED = 500;

const ROOT = resolve(__dirname, '../..');

/** `npm run demo:wecom` in a process group of its own, as a terminal starts it. */
class Demo {
  output = '';
  private readonly child: ChildProcess;
  private readonly closed: Promise<unknown>;

  constructor() {
    const { PATH, HOME } = process.env;
    this.child = spawn('npm', ['run', 'demo:wecom'], { cwd: ROOT, env: { PATH, HOME, PORT: '0' }, detached: true });
    for (const stream of [this.child.stdout!, this.child.stderr!]) {
      stream.on('data', (chunk) => (this.output += String(chunk)));
    }
    this.closed = once(this.child, 'close');
  }

  /** @returns what it prints at the place of the pattern's group */
  async printed(pattern: RegExp): Promise<string> {
    await until(() => {
      if (this.child.exitCode !== null) throw new Error(this.output);
      return pattern.test(this.output);
    });
    return pattern.exec(this.output)![1]!;
  }

  /** Ctrl-C, which every process of the group gets. */
  async interrupt(): Promise<void> {
    process.kill(-this.child.pid!, 'SIGINT');
    await this.closed;
  }

  get isThere(): boolean {
    try {
      return process.kill(-this.child.pid!, 0);
    } catch {
      return false;
    }
  }

  destroy(): void {
    if (this.isThere) process.kill(-this.child.pid!, 'SIGKILL');
  }
}

let demo: Demo;
afterEach(() => demo.destroy());

test('shows the customers of a sync, then what events change, and leaves nothing behind', async () => {
  demo = new Demo();
  const url = await demo.printed(/documentation: +(http:\S+)\/docs/);
  const folder = await demo.printed(/database and log: (\S+)/);
  expect(demo.output).toContain(`ok: 10 名成员、${SEEDED} 条跟进已同步`);

  const login = await fetch(`${url}/api/login`, {
    method: 'POST',
    body: new URLSearchParams({ username: 'admin', password: 'demo-admin' }),
  });
  const { result } = (await login.json()) as any;
  const headers = { authorization: `Bearer ${result.token}` };
  const ask = async (path: string): Promise<any> => (await fetch(`${url}/business/2/${path}`, { headers })).json();
  const list = async (query = '') => (await ask(`plugin/WechatCustomers/getList?per_page=100&${query}`)).data;
  await ask('admin/manageBusiness?id=9');

  expect((await list()).total).toBeGreaterThanOrEqual(SEEDED);
  await until(async () => (await list()).total > SEEDED);
  const isRemarked = ({ remark }: any) => remark.startsWith('陈小姐😀 ');
  await until(async () => (await list(`search[customer]=${encodeURIComponent('陈小姐')}`)).data.some(isRemarked));
  await until(async () => (await list('search[status]=-1')).total > 0);

  await demo.interrupt();
  expect(demo.output).toContain('the demo has ended');
  expect([demo.isThere, existsSync(folder)]).toEqual([false, false]);
});
