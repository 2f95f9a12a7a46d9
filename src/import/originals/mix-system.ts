import { z } from 'zod';
import { MIX, payloadOf } from './answers';
import { SystemFailed } from './errors';
import type { Credentials, Question, System } from './system';
import type { Answer, SystemTransport } from './transport';

/** What the sign-in answers, as far as it is needed (CONTRACT 1.2). */
const SIGNED_IN = z.object({ token: z.string('is not text').min(1, 'is empty'), is_super: z.unknown() });

const SIGN_IN = 'login';

/** A running system of family A, with a super user signed in: others see only their own rows. */
export class MixSystem implements System {
  private token = '';

  private constructor(
    private readonly transport: SystemTransport,
    private readonly credentials: Credentials,
  ) {
    transport.secrets.add(credentials.password);
  }

  get base(): string {
    return this.transport.base;
  }

  get secrets(): ReadonlySet<string> {
    return this.transport.secrets;
  }

  /** @throws SystemFailed for a wrong password, and for an account that is no super user */
  static async signIn(transport: SystemTransport, credentials: Credentials): Promise<MixSystem> {
    const system = new MixSystem(transport, credentials);
    await system.signIn();
    return system;
  }

  async ask({ route, params }: Question): Promise<Answer> {
    const answer = await this.once(route, params);
    if (!isSignedOut(answer)) return answer;
    await this.signIn();
    return this.once(route, params);
  }

  private once(route: string, params: object): Promise<Answer> {
    const headers = { authorization: `Bearer ${this.token}` };
    return this.transport.post({ route, path: `/api/${route}`, body: params, headers });
  }

  private async signIn(): Promise<void> {
    const { username, password } = this.credentials;
    const body = { username, password, keep_alive: 'default' };
    const answer = await this.transport.post({ route: SIGN_IN, path: `/api/${SIGN_IN}`, body });
    const asked = { base: this.base, route: SIGN_IN, secrets: this.secrets };
    const { token, is_super } = payloadOf(asked, MIX, SIGNED_IN, answer);
    if (String(is_super) !== '1') {
      throw new SystemFailed(this.base, SIGN_IN, `${username} is no super user, and sees only rows of its own`);
    }
    this.token = token;
    this.transport.secrets.add(token);
  }
}

const SIGNED_OUT = z.object({ code: z.literal(401) });

const isSignedOut = ({ json }: Answer): boolean => SIGNED_OUT.safeParse(json).success;
