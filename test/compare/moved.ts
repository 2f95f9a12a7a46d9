import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestApp } from '../app';
import { runCli } from '../cli';
import { buildEnterprise, buildRight, buildUser } from '../factories';
import { StandIn } from '../originals';

/** Of the originals' super user and manager; the same account is ours, too. */
export const PASSWORD = 'original-admin';

/** An original with rows, and the product with what has to be there before they are moved. */
export class Moving {
  private runs = 0;
  private readonly directory = mkdtempSync(join(tmpdir(), 'customer-hub-moving-'));

  private constructor(
    readonly original: StandIn,
    readonly app: TestApp,
  ) {}

  static async start(rows: number): Promise<Moving> {
    const original = await StandIn.start({ rows, prefix: '/old' });
    const app = await TestApp.start({ demo: false });
    for (const { user_id, username, password, is_super } of original.mix.data.accounts) {
      // Only the super user signs in here; the others need no hash of their own.
      await buildUser(app.dataSource, {
        userId: user_id,
        username,
        password: is_super ? password : 'password',
        isSuper: is_super,
      });
    }
    await buildEnterprise(app.dataSource, { id: 1, uniacid: 2 });
    await buildRight(app.dataSource, { userId: 1000, enterpriseId: 1 });
    return new Moving(original, app);
  }

  async stop(): Promise<void> {
    await this.app.stop();
    await this.original.stop();
    rmSync(this.directory, { recursive: true });
  }

  /** The words of `import mix` or `import wechat`. @param run each writes its own files of refused rows */
  importing(family: 'mix' | 'wechat', options = '--apply', run = String(++this.runs)): string {
    const refused = `--refused ${join(this.directory, `refused-${run}.jsonl`)}`;
    return `import ${family} ${this.with(family)} ${refused} ${options}`;
  }

  /** Imports. @returns with the reports by kind */
  async import(...what: Parameters<Moving['importing']>) {
    const result = await runCli(this.app.databaseUrl, this.importing(...what), PASSWORD);
    const last = result.stdout.trim().split('\n').at(-1)!;
    const reports: any[] = last.startsWith('[') ? JSON.parse(last) : [];
    return { ...result, reports: Object.fromEntries(reports.map((report) => [report.kind, report])) };
  }

  /** `compare mix` or `compare wechat`, with a result for programs. */
  async compare(family: 'mix' | 'wechat', options = '') {
    const words = `compare ${family} ${this.with(family)} --against ${this.app.url} --json ${options}`;
    const result = await runCli(this.app.databaseUrl, words, PASSWORD);
    return { ...result, found: result.stdout ? JSON.parse(result.stdout) : undefined };
  }

  private with(family: 'mix' | 'wechat'): string {
    const enterprise = family === 'wechat' ? ' --uniacid 2 --business 1' : '';
    return `--with ${this.original.url} --username admin --rate 100000${enterprise}`;
  }
}
