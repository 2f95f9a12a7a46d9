import { readEnv } from '../../../src/config/env';
import type { CallLog, FailedCall } from '../../../src/wecom/client/lanes';
import { WecomClient } from '../../../src/wecom/client/wecom-client';
import type { Corp } from '../../../src/wecom/corps/corp';
import { Simulator, startSimulator } from '../../../simulator';
import { TestApp } from '../../app';

export const KEY = '0123456789abcdef'.repeat(4);

/** A database and a simulated WeCom with a corp of four employees, the last of whom has no customers. */
export class Wecom {
  private readonly clients: WecomClient[] = [];
  /** Failed tries of all clients. */
  readonly failed: FailedCall[] = [];

  private constructor(
    readonly app: TestApp,
    readonly simulator: Simulator,
    readonly corp: Corp,
  ) {}

  /** @param settings of the app */
  static async start(settings: Record<string, string> = {}): Promise<Wecom> {
    const [app, simulator] = await Promise.all([TestApp.start({ demo: false, settings }), startSimulator()]);
    const { corpId, apps } = simulator.world.seeded({ employees: 4, contacts: 60, follows: 90, tags: 12 });
    const corp = { enterpriseId: 1, uniacid: 2, corpId, agentId: null, secret: apps[0]!.secret, callbacks: [] };
    return new Wecom(app, simulator, corp);
  }

  /** A client with memory of its own, like another process. */
  client(settings: Record<string, string> = {}, dataSource = this.app.dataSource): WecomClient {
    const defaults = { WECOM_API_BASE: this.simulator.url, WECOM_CREDENTIAL_KEY: KEY, WECOM_LIMIT_PAUSE_SECONDS: '1' };
    const log: CallLog = (failed) => this.failed.push(failed);
    const client = new WecomClient(readEnv({ ...defaults, ...settings }), dataSource, log);
    this.clients.push(client);
    return client;
  }

  /** How often gettoken was called for the corp. */
  get fetched(): number {
    return this.simulator.tokens.fetched(this.corp.corpId);
  }

  /** The codes of the calls of an API, in their order; undefined: no answer in JSON. */
  codesOf(path: string): (number | undefined)[] {
    return this.simulator.calls.filter((call) => call.path === path).map(({ errcode }) => errcode);
  }

  /** Forgets tokens, faults and calls. */
  async reset(): Promise<void> {
    await Promise.all(this.clients.splice(0).map((client) => client.close()));
    this.simulator.faults.clear();
    this.simulator.resetCounts();
    this.simulator.tokens.revoke(this.corp.corpId);
    this.failed.length = 0;
    await this.app.dataSource.query('DELETE FROM wecom_token');
  }

  async stop(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.close()));
    await Promise.all([this.app.stop(), this.simulator.stop()]);
  }
}
