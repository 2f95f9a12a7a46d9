import { stringify } from 'qs';
import type { DataSource } from 'typeorm';
import { Session } from '../../src/auth/entities/session.entity';
import { newTokenPair, sessionColumns } from '../../src/auth/tokens';
import { unixSeconds } from '../../src/base/time';
import { OperatorError } from '../../src/base/operator-error';
import { ADDERS, ADMIN, FIRST_USER_ID } from '../data/accounts';
import { LAST_MOMENT, SPAN_SECONDS } from '../data/calendar';
import { ENTERPRISES } from '../data/enterprises';
import { TERMS } from '../data/names';
import { Random } from '../data/random';

/** A request on the wire. */
export interface WireRequest {
  method: 'GET' | 'POST';
  path: string;
  token: string;
  /** The JSON body of a POST. */
  body?: string;
}

/** Requests of one kind, each slightly different from the last. */
export interface Kind {
  name: string;
  isGetList: boolean;
  /** Number of concurrent clients; few where a query may take seconds. */
  connections: number;
  next(): WireRequest;
}

const FAMILY_A = { isGetList: false, connections: 64 };
const TEXT_CONNECTIONS = 4;
const SAMPLE = 2_000;
const MONTH_SECONDS = 30 * 86_400;
const LIST_PATH = `/business/${ENTERPRISES[0].uniacid}/plugin/WechatCustomers/getList`;

/** The requests of the benchmark, built from the rows in the database. */
export class Workload {
  readonly kinds: Kind[];
  private readonly random = new Random(7);
  private added = 0;

  private constructor(
    private readonly token: string,
    private readonly adderTokens: string[],
    private readonly pairs: { user_id: number; customer_id: number }[],
    private readonly customers: { customer_id: number; secret: string }[],
    private readonly employees: { user_id: string }[],
    private readonly tags: { tag_id: string }[],
  ) {
    this.kinds = [
      this.mix('get', () => this.random.pick(this.pairs)),
      this.mix('get_list', () => ({ condition: JSON.stringify([['user_id', '=', String(this.someUser())]]) })),
      this.mix('get_customer_list', () => ({ user_id: this.someUser() })),
      { name: 'add', ...FAMILY_A, next: () => this.nextAdd() },
      this.list('getList', () => ({})),
      this.list('getList status', () => ({ status: -1 })),
      this.list('getList owner', () => ({ employee_member: this.random.pick(this.employees).user_id })),
      this.list('getList tag', () => ({ tags_data: this.random.pick(this.tags).tag_id })),
      this.list('getList time', () => {
        const start = LAST_MOMENT - MONTH_SECONDS - this.random.below(SPAN_SECONDS - MONTH_SECONDS);
        return { time: [start, start + MONTH_SECONDS] };
      }),
      this.list('getList customer, many', () => ({ customer: TERMS.common }), TEXT_CONNECTIONS),
      this.list('getList customer, one', () => ({ customer: TERMS.one }), TEXT_CONNECTIONS),
      this.list('getList remark, one', () => ({ remark: TERMS.one }), TEXT_CONNECTIONS),
    ];
  }

  /**
   * Signs in the users of the benchmark and reads the rows that it asks for.
   * @throws OperatorError when the database was not filled by bench:data
   */
  static async prepare(dataSource: DataSource): Promise<Workload> {
    const adders = Array.from({ length: ADDERS.count }, (_, index) => ADDERS.firstUserId + index);
    const users = [ADMIN.userId, ...adders];
    const [token, ...adderTokens] = await signIn(dataSource, users);

    const customers = await dataSource.query<{ customer_id: number; secret: string }[]>(
      'SELECT customer_id, secret FROM customer ORDER BY customer_id LIMIT 20000',
    );
    if (customers.length === 0) throw new OperatorError('the database holds no customers: fill it with bench:data');
    const ids = customers.filter((_, index) => index % Math.ceil(customers.length / 1000) === 0);
    const pairs = await dataSource.query<{ user_id: number; customer_id: number }[]>(
      `SELECT user_id, customer_id FROM user_customer WHERE user_id >= ${FIRST_USER_ID} ` +
        `AND customer_id IN (${ids.map(({ customer_id }) => customer_id).join()}) ` +
        `ORDER BY user_id, customer_id LIMIT ${SAMPLE}`,
    );
    const [{ uniacid, id }] = ENTERPRISES;
    const employees = await dataSource.query<{ user_id: string }[]>(
      `SELECT user_id FROM wechat_employee WHERE uniacid = ${uniacid} AND business_id = ${id} ORDER BY id`,
    );
    const tags = await dataSource.query<{ tag_id: string }[]>(
      `SELECT tag_id FROM wechat_tag WHERE uniacid = ${uniacid} AND crop_id = ${id} ORDER BY id`,
    );
    return new Workload(token!, adderTokens, pairs, customers, employees, tags);
  }

  /** Changes the reference of an existing relation. */
  edit(): WireRequest {
    const body = { ...this.random.pick(this.pairs), reference: `R${this.random.below(1_000_000)}` };
    return this.post('/api/user_customer/edit', body);
  }

  /** Requests that change and that delete the relation of an `add`. */
  afterAdd({ body, token }: WireRequest): { edit: WireRequest; remove: WireRequest } {
    const { user_id, customer_id } = JSON.parse(body!) as { user_id: number; customer_id: number };
    const pair = { user_id, customer_id };
    return {
      edit: this.post('/api/user_customer/edit', { ...pair, reference: 'R' }, token),
      remove: this.post('/api/user_customer/delete', pair, token),
    };
  }

  kind(name: string): Kind {
    return this.kinds.find((kind) => kind.name === name)!;
  }

  /** A request to a route of family A, or to getList, with the caller's parameters. */
  post(path: string, body: object, token = this.token): WireRequest {
    return { method: 'POST', path, token, body: JSON.stringify(body) };
  }

  getList(parameters: object): WireRequest {
    const query = stringify(parameters);
    return { method: 'GET', path: query ? `${LIST_PATH}?${query}` : LIST_PATH, token: this.token };
  }

  private someUser(): number {
    return this.random.pick(this.pairs).user_id;
  }

  /** Adds a pair not added before, as a user who signs in for itself. */
  private nextAdd(): WireRequest {
    const adder = this.added % ADDERS.count;
    const customer = this.customers[Math.floor(this.added / ADDERS.count) % this.customers.length]!;
    this.added++;
    const body = { user_id: ADDERS.firstUserId + adder, ...customer };
    return this.post('/api/user_customer/add', body, this.adderTokens[adder]);
  }

  private mix(name: string, body: () => object): Kind {
    return { name, ...FAMILY_A, next: () => this.post(`/api/user_customer/${name}`, body()) };
  }

  private list(name: string, search: () => object, connections = 32): Kind {
    return { name, isGetList: true, connections, next: () => this.getList({ search: search() }) };
  }
}

/** @returns an access token for each user */
export async function signIn(dataSource: DataSource, userIds: number[]): Promise<string[]> {
  const pairs = userIds.map(() => newTokenPair('long'));
  const now = unixSeconds();
  const sessions = pairs.map((pair, index) => ({ userId: userIds[index]!, ...sessionColumns(pair, now) }));
  await dataSource.getRepository(Session).insert(sessions);
  return pairs.map(({ token }) => token);
}

/** Deletes what the requests left behind: the relations of the adders, and sessions. */
export async function cleanUp(dataSource: DataSource): Promise<void> {
  const adders = `BETWEEN ${ADDERS.firstUserId} AND ${ADDERS.firstUserId + ADDERS.count - 1}`;
  await dataSource.query(`DELETE FROM user_customer WHERE user_id ${adders}`);
  await dataSource.query(`DELETE FROM session WHERE user_id = ${ADMIN.userId} OR user_id ${adders}`);
}
