import { ChildProcess, spawn, StdioOptions } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { patience } from './machine.cjs';
import { assertDocumented } from './openapi/answers';

const PROGRAM = resolve(__dirname, '../dist/src/main.js');

interface Exit {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** The built program as a process, in an empty directory of its own. */
export class Program {
  readonly exited: Promise<Exit>;
  /** The output so far. */
  readonly output = { stdout: '', stderr: '' };
  readonly child: ChildProcess;

  constructor(
    readonly directory: string,
    readonly port: number,
    settings: Record<string, string> = {},
    stdio: StdioOptions = 'pipe',
  ) {
    if (!existsSync(PROGRAM)) throw new Error('npm run build comes first');
    const { PATH = '' } = process.env;
    const env = {
      PATH,
      PORT: String(port),
      DATABASE_URL: `sqlite:${join(directory, 'hub.sqlite')}`,
      DEMO_DATA: 'true', // tests sign in with the demo accounts on MariaDB too
      DRAIN_SECONDS: '0',
      ...settings,
    };
    this.child = spawn(process.execPath, [PROGRAM], { cwd: directory, env, stdio });
    this.child.stdout?.on('data', (chunk) => (this.output.stdout += String(chunk)));
    this.child.stderr?.on('data', (chunk) => (this.output.stderr += String(chunk)));
    this.exited = new Promise((done) => this.child.once('close', (code) => done({ code, ...this.output })));
  }

  get pid(): number {
    return this.child.pid!;
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  kill(signal: NodeJS.Signals): Promise<Exit> {
    this.child.kill(signal);
    return this.exited;
  }

  /** Waits until the program answers over HTTP. */
  async ready(): Promise<this> {
    const deadline = performance.now() + patience(60_000);
    for (;;) {
      try {
        await this.post('/api/user', {});
        return this;
      } catch (error) {
        if (this.child.exitCode !== null)
          throw new Error(`the program ended: ${(await this.exited).stderr}`, { cause: error });
        if (performance.now() > deadline) throw error;
        await new Promise((retry) => setTimeout(retry, 50));
      }
    }
  }

  async post(path: string, json: object, token = ''): Promise<any> {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const body = JSON.stringify(json);
    const response = await fetch(`http://127.0.0.1:${this.port}${path}`, { method: 'POST', headers, body });
    const text = await response.text();
    const answer = { status: response.status, text, body: JSON.parse(text) };
    assertDocumented('POST', path, answer);
    return answer.body;
  }

  async login(): Promise<any> {
    return this.post('/api/login', { username: 'admin', password: 'demo-admin' });
  }
}
