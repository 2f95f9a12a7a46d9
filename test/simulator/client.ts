import { Simulator, startSimulator } from '../../simulator';
import { Seeding } from '../../simulator/world';

/** A caller without cleverness: what the wire says is what a test sees. */
export class Caller {
  token = '';

  constructor(
    readonly simulator: Simulator,
    readonly corpId = 'wwsim0000000000001',
  ) {}

  /** Fetches a token with the corp's secret, or the given one. */
  async signIn(secret = this.simulator.world.corp(this.corpId).apps[0]!.secret): Promise<this> {
    this.token = (await this.gettoken(secret)).access_token;
    return this;
  }

  async gettoken(secret: string, corpId = this.corpId): Promise<any> {
    const query = new URLSearchParams({ corpid: corpId, corpsecret: secret });
    return (await fetch(`${this.simulator.url}/cgi-bin/gettoken?${query.toString()}`)).json();
  }

  async get(path: string, params: Record<string, string> = {}): Promise<any> {
    return (await fetch(this.address(path, params))).json();
  }

  async post(path: string, body: object): Promise<any> {
    return (await this.response(path, body)).json();
  }

  response(path: string, body: object): Promise<Response> {
    return fetch(this.address(path), { method: 'POST', body: JSON.stringify(body) });
  }

  /** Every page of batch/get_by_user. */
  async pages(userids: string[], limit = 100): Promise<any[]> {
    const pages: any[] = [];
    for (let cursor = ''; ;) {
      const body = { userid_list: userids, cursor, limit };
      const page = await this.post('externalcontact/batch/get_by_user', body);
      pages.push(page);
      cursor = page.next_cursor ?? '';
      if (cursor === '') return pages;
    }
  }

  private address(path: string, params: Record<string, string> = {}): string {
    const query = new URLSearchParams({ access_token: this.token, ...params });
    return `${this.simulator.url}/cgi-bin/${path}?${query.toString()}`;
  }
}

/** A simulator for each test of a file, which ends with it. */
export function useSimulator(): { readonly it: Simulator; seeded(counts?: Partial<Seeding>): Promise<Caller> } {
  let simulator: Simulator | undefined;
  beforeEach(async () => (simulator = await startSimulator()));
  afterEach(() => simulator?.stop());
  return {
    get it() {
      return simulator!;
    },
    async seeded(counts = {}) {
      const { corpId } = simulator!.world.seeded({ employees: 4, contacts: 60, follows: 150, tags: 12, ...counts });
      return new Caller(simulator!, corpId).signIn();
    },
  };
}
