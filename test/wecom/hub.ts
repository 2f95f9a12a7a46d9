import { DataSource } from 'typeorm';
import type { Simulator } from '../../simulator';
import type { Corp } from '../../simulator/corp';
import { startSimulator } from '../../simulator';
import { operator } from '../../src/audit/operator';
import { readEnv } from '../../src/config/env';
import type { Tenant } from '../../src/enterprise/tenant';
import { Cipher } from '../../src/wecom/corps/cipher';
import { setCredentials } from '../../src/wecom/corps/credentials';
import { TestApp } from '../app';
import { buildEnterprise, buildRight, buildUser } from '../factories';
import { patience } from '../machine.cjs';

/** Of the tests alone. */
export const KEY = '0123456789abcdef'.repeat(4);

/** What the app signs its callbacks with. */
export const CALLBACKS = { token: 'CallbackToken0001', aesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG' };

/** For a process whose WeCom is the simulator. */
export const settingsFor = ({ url }: Simulator) => ({
  WECOM_API_BASE: url,
  WECOM_CREDENTIAL_KEY: KEY,
  WECOM_LIMIT_PAUSE_SECONDS: '1',
});

/** The product and a WeCom, each behind its own port; the enterprise has a corp's credentials, and an admin manages it. */
export class Hub {
  token = '';

  private constructor(
    readonly app: TestApp,
    readonly wecom: Simulator,
    readonly corp: Corp,
    readonly tenant: Tenant,
  ) {}

  /**
   * @param settings environment variables besides those for the simulator
   * @param fill the corp's people, before the product starts
   */
  static async start(settings: Record<string, string> = {}, fill?: (corp: Corp) => void): Promise<Hub> {
    const wecom = await startSimulator();
    const corp = wecom.world.addCorp();
    fill?.(corp);
    const app = await TestApp.start({ settings: { ...settingsFor(wecom), ...settings } });
    const none = new Hub(app, wecom, corp, { uniacid: 0, enterpriseId: 0 });
    return none.another();
  }

  async stop(): Promise<void> {
    await this.app.stop();
    await this.wecom.stop();
  }

  /** A second enterprise of the same product, by default with the same corp. */
  async another(corp = this.corp): Promise<Hub> {
    const { id: enterpriseId, uniacid } = await buildEnterprise(this.dataSource);
    const hub = new Hub(this.app, this.wecom, corp, { uniacid, enterpriseId });
    await connectCorp(this.dataSource, enterpriseId, corp);
    hub.token = await hub.member(2);
    return hub;
  }

  get dataSource(): DataSource {
    return this.app.dataSource;
  }

  /** A further user of the enterprise. @param identity number @returns the token */
  async member(identity: number): Promise<string> {
    const { enterpriseId, uniacid } = this.tenant;
    const user = await buildUser(this.dataSource, { password: 'member-of-hub' });
    await buildRight(this.dataSource, { userId: user.userId, enterpriseId, identity });
    return this.app.manage(enterpriseId, uniacid, user.username, 'member-of-hub');
  }

  /** Asks a route of the plugin. @returns the envelope */
  async ask(route: string, json: object = {}, token = this.token): Promise<any> {
    const path = `/business/${this.tenant.uniacid}/plugin/WechatCustomers/${route}`;
    return (await this.app.send(path, { json, token })).body;
  }

  /** Starts a run, unless one is under way, and waits for its end. @returns the run as syncStatus shows it */
  async sync(json: object = {}): Promise<any> {
    const { data } = await this.ask('synchBaseData', json);
    return this.ended(data.id);
  }

  /** @throws Error if the run does not end */
  async ended(id: number): Promise<any> {
    const deadline = performance.now() + patience(120_000);
    for (;;) {
      const { run } = (await this.ask('syncStatus')).data;
      if (run.id === id && run.state !== 'running') return run;
      if (performance.now() > deadline) throw new Error(`the run does not end: ${JSON.stringify(run)}`);
      await new Promise((later) => setTimeout(later, 20));
    }
  }

  /** The live rows of a follow as the database has them. */
  follow(userid: string, externalUserid: string): Promise<any> {
    return this.dataSource
      .query('SELECT * FROM wechat_follow WHERE uniacid = ? AND crop_id = ? AND userid = ? AND external_userid = ?', [
        this.tenant.uniacid,
        this.tenant.enterpriseId,
        userid,
        externalUserid,
      ])
      .then((rows: unknown[]) => rows[0]);
  }
}

/** Gives an enterprise the credentials of a corp's first app. */
export async function connectCorp(dataSource: DataSource, enterpriseId: number, corp: Corp): Promise<void> {
  const cipher = new Cipher(readEnv({ WECOM_CREDENTIAL_KEY: KEY }));
  const { secret, agentId } = corp.apps[0]!;
  const app = { corpId: corp.corpId, agentId, secret, callbacks: CALLBACKS };
  await setCredentials(dataSource, cipher, enterpriseId, app, operator());
}
