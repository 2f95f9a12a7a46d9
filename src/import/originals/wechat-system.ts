import { z } from 'zod';
import { BUSINESS, payloadOf } from './answers';
import { SystemFailed } from './errors';
import type { Credentials, Question, System } from './system';
import type { Answer, SystemTransport } from './transport';

/** Where somebody signs in to. */
export interface Place {
  uniacid: number;
  /** The enterprise that is asked about. */
  businessId: number;
}

/** Who signs in: by the front's form, which answers a cookie, or by a token that was issued for a uid (CONTRACT 2.1, 2.5). */
export type Access = Credentials & { isToken?: boolean };

const SIGN_IN = 'member.login.index';
const CHOOSE = 'admin/manageBusiness';

/** A running system of family B, with somebody signed in and an enterprise chosen. */
export class WechatSystem implements System {
  /** Cookies by name: PHP may give new ones with any answer. */
  private readonly cookies = new Map<string, string>();

  private constructor(
    private readonly transport: SystemTransport,
    private readonly place: Place,
    private readonly access: Access,
  ) {
    const { username, password } = access;
    transport.secrets.add(password).add(basic(username, password));
  }

  get base(): string {
    return this.transport.base;
  }

  get secrets(): ReadonlySet<string> {
    return this.transport.secrets;
  }

  /** @throws SystemFailed for a wrong password or token, and for an enterprise that the account may not manage */
  static async signIn(transport: SystemTransport, place: Place, access: Access): Promise<WechatSystem> {
    const system = new WechatSystem(transport, place, access);
    if (!access.isToken) await system.signIn();
    await system.choose();
    return system;
  }

  async ask({ route, params }: Question): Promise<Answer> {
    const answer = await this.once(route, params);
    const status = loginStatus(answer);
    if (status === undefined) return answer;
    if (status === SIGNED_OUT) await this.signIn();
    await this.choose();
    return this.once(route, params);
  }

  private once(route: string, params: object): Promise<Answer> {
    return this.post(route, `/business/${this.place.uniacid}/${route}`, params);
  }

  private async signIn(): Promise<void> {
    const { username, password, isToken } = this.access;
    if (isToken) throw new SystemFailed(this.base, SIGN_IN, `the token of uid ${username} is wrong or has expired`);
    this.cookies.clear();
    const path = `/addons/yun_shop/api.php?i=${this.place.uniacid}&type=5&route=${SIGN_IN}`;
    const answer = await this.post(SIGN_IN, path, { mobile: username, password, login_type: 5, remember: 1 });
    this.assertDone(SIGN_IN, answer);
  }

  /** The sign-in remembers which enterprise it is about (CONTRACT 2.2). */
  private async choose(): Promise<void> {
    const answer = await this.once(CHOOSE, { id: this.place.businessId, identity_type: 2 });
    if (this.access.isToken && loginStatus(answer) === SIGNED_OUT) await this.signIn();
    this.assertDone(CHOOSE, answer);
  }

  private async post(route: string, path: string, body: object): Promise<Answer> {
    const { username, password, isToken } = this.access;
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = {
      ...(isToken && { authorization: `Basic ${basic(username, password)}` }),
      ...(cookie && { cookie }),
    };
    const answer = await this.transport.post({ route, path, body, headers });
    for (const set of answer.cookies) {
      const [, name, value] = /^([^=;]+)=([^;]*)/.exec(set) ?? [];
      if (!name) continue;
      this.cookies.set(name, value!);
      this.transport.secrets.add(value!);
    }
    return answer;
  }

  private assertDone(route: string, answer: Answer): void {
    payloadOf({ base: this.base, route, secrets: this.secrets }, BUSINESS, z.unknown(), answer);
  }
}

const basic = (uid: string, token: string) => Buffer.from(`${uid}:${token}`).toString('base64');

const SIGNED_OUT = 1;
const NOT_CHOSEN = 2;

const LOGIN_STATUS = z.object({
  result: z.literal(0),
  data: z.object({ login_status: z.union([z.literal(SIGNED_OUT), z.literal(NOT_CHOSEN)]) }),
});

/** @returns undefined for an answer to what was asked */
function loginStatus({ json }: Answer): number | undefined {
  const { data } = LOGIN_STATUS.safeParse(json);
  return data?.data.login_status;
}
