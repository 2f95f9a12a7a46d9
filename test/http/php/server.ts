import { ChildProcess, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** What PHP reads of a request. */
export interface PhpAnswer {
  query: unknown;
  form: unknown;
  json: unknown;
  /** The page number that Laravel would take. */
  page: number;
}

const SETTINGS = ['max_input_vars=5000', 'display_errors=0', 'precision=17', 'serialize_precision=-1'];

/** PHP's own server with answer.php, one process for all requests. */
export class PhpServer {
  private constructor(
    private readonly process: ChildProcess,
    readonly url: string,
  ) {}

  static isInstalled(): boolean {
    return spawnSync('php', ['--version']).status === 0;
  }

  static async start(): Promise<PhpServer> {
    const settings = SETTINGS.flatMap((setting) => ['-d', setting]);
    const script = join(__dirname, 'answer.php');
    const php = spawn('php', ['-n', ...settings, '-S', '127.0.0.1:0', script], { stdio: ['ignore', 'ignore', 'pipe'] });
    for await (const line of createInterface(php.stderr)) {
      const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(line) ?? [];
      if (url) {
        php.stderr.resume(); // its access log would fill the pipe
        return new PhpServer(php, url);
      }
    }
    throw new Error('php -S did not start');
  }

  stop(): Promise<unknown> {
    const ended = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.kill();
    return ended;
  }
}
