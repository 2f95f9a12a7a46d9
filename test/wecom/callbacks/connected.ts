import { Cipher } from '../../../src/wecom/corps/cipher';
import { callbackPath, CallbackKeys } from '../../../src/wecom/corps/corp';
import { setContactsCredentials, setCredentials } from '../../../src/wecom/corps/credentials';
import { WecomEvent } from '../../../src/wecom/callbacks/wecom-event.entity';
import type { Receiver } from '../../../simulator/sender';
import { Simulator, startSimulator } from '../../../simulator';
import { StartOptions, TestApp } from '../../app';
import { KEY } from '../hub';

const CORP_ID = 'wwsim0000000000001';
const SECRET = 'simulator-secret-of-the-self-built-app-0001';
export const APP_KEYS: CallbackKeys = {
  token: 'CanaryToken2026',
  aesKey: 'CanaryAesKey0123456789abcdefghijklmnopqrstu',
};
export const CONTACTS_KEYS: CallbackKeys = {
  token: 'Contacts2026',
  aesKey: 'ContactsAesKey123456789abcdefghijklmnopqrst',
};
const OPERATOR = { userId: null, username: 'test' };

const cipher = new Cipher({ WECOM_CREDENTIAL_KEY: KEY });

/** The product and a WeCom that know each other: enterprise 1 of uniacid 2 is the simulator's only corp. */
export class Connected {
  private constructor(
    readonly app: TestApp,
    readonly wecom: Simulator,
  ) {}

  static async start(options: StartOptions = {}): Promise<Connected> {
    const wecom = await startSimulator();
    wecom.world.addCorp(CORP_ID, { secret: SECRET });
    const settings = { WECOM_API_BASE: wecom.url, WECOM_CREDENTIAL_KEY: KEY, ...options.settings };
    const app = await TestApp.start({ ...options, settings });
    const connected = new Connected(app, wecom);
    await connected.setCredentials(1);
    return connected;
  }

  /** Connects an enterprise, which exists, with the corp. */
  async setCredentials(enterpriseId: number): Promise<void> {
    const app = { corpId: CORP_ID, agentId: 1000002, secret: SECRET, callbacks: APP_KEYS };
    await setCredentials(this.app.dataSource, cipher, enterpriseId, app, OPERATOR);
    await setContactsCredentials(this.app.dataSource, cipher, enterpriseId, CONTACTS_KEYS, OPERATOR);
  }

  async stop(): Promise<void> {
    await this.app.stop();
    await this.wecom.stop();
  }

  get corp() {
    return this.wecom.world.corp(CORP_ID);
  }

  /** Where the simulator posts the events of enterprise 1. */
  receiver(overrides: Partial<Receiver> = {}, app = this.app): Receiver {
    const path = callbackPath({ uniacid: 2, enterpriseId: 1 });
    return { url: app.url + path, ...APP_KEYS, corpId: CORP_ID, agentId: 1000002, ...overrides };
  }

  /** The rows of the inbox, oldest first. */
  events(): Promise<WecomEvent[]> {
    return this.app.dataSource.getRepository(WecomEvent).find({ order: { id: 'ASC' } });
  }

  async emptyInbox(): Promise<void> {
    await this.app.dataSource.getRepository(WecomEvent).clear();
  }
}
