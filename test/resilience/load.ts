import { setTimeout as sleep } from 'node:timers/promises';
import { hashPassword } from '../../src/auth/passwords';
import { readEnv } from '../../src/config/env';
import { connect } from '../../src/database/connect';
import { dataSourceOptions } from '../../src/schema/data-source';
import { buildUser } from '../factories';
import { patience } from '../machine.cjs';

export { until } from '../until';

const FIRST_CUSTOMER = 100_000;
const CUSTOMERS = 50_000;
/** Pause between a client's requests, which leaves the machine room to restart what was killed. */
const PAUSE_MS = 20;
let lastCustomer = FIRST_CUSTOMER;

/** A customer not yet followed; its secret is `ABCD`. */
export const nextCustomer = () => ++lastCustomer;

/** A user who is signed in. */
export interface Client {
  userId: number;
  token: string;
}

/** Creates tables, clients and customers for {@link Load} in an empty database of a MariaDB server. */
export async function prepareLoad(databaseUrl: string, clients: number): Promise<void> {
  const setup = await connect(dataSourceOptions(readEnv({ DATABASE_URL: databaseUrl })));
  await setup.runMigrations();
  const passwordHash = await hashPassword('password');
  for (let index = 0; index < clients; index++) await buildUser(setup, { username: `client-${index}`, passwordHash });
  await setup.query(
    `INSERT INTO customer (customer_id, name, secret)
     SELECT seq, 'customer', 'ABCD' FROM seq_${FIRST_CUSTOMER}_to_${FIRST_CUSTOMER + CUSTOMERS}`,
  );
  await setup.destroy();
}

/** Signs in a client by its number, from 0 on. */
export async function signIn(url: string, index: number): Promise<Client> {
  const { body } = await ask(`${url}/api/login`, { username: `client-${index}`, password: 'password' });
  return { userId: body.result.user_id, token: body.result.token };
}

type Route = 'add' | 'get' | 'delete';

/**
 * Clients that add, read and delete relations of family A in turn and record the acknowledged writes. A write without a
 * 200 has an unknown outcome: nothing is claimed of its row.
 */
export class Load {
  /** The number of answers of each kind: `HTTP 200`, or the fault of the answer. */
  readonly answers: Record<string, number> = {};
  /** The moments when acknowledged writes were sent and answered. */
  readonly writes: { sent: number; answered: number }[] = [];
  /** Rows missing from a read although their write was acknowledged before. */
  missed = 0;

  private readonly rows = new Map<string, 'there' | 'gone'>();
  private running = true;
  private readonly clients: Promise<void>[];

  constructor(
    private readonly url: string,
    clients: Client[],
  ) {
    this.clients = clients.map((client) => this.work(client));
  }

  async stop(): Promise<void> {
    this.running = false;
    await Promise.all(this.clients);
  }

  /**
   * Waits until a write sent from now on is acknowledged. @returns the milliseconds until then
   * @param limit the milliseconds that this may take on the reference machine
   */
  async writesAgain(limit = 60_000): Promise<number> {
    const start = performance.now();
    for (;;) {
      const first = this.writes.find(({ sent }) => sent >= start);
      if (first) return Math.round(first.answered - start);
      if (performance.now() - start > patience(limit)) throw new Error('no write is acknowledged');
      await sleep(20);
    }
  }

  /** Acknowledged writes missing from these rows (`user:customer`). */
  lost(rows: Set<string>): string[] {
    return [...this.rows].filter(([key, is]) => rows.has(key) !== (is === 'there')).map(([key]) => key);
  }

  private async work({ userId, token }: Client): Promise<void> {
    while (this.running) {
      const pair = { user_id: userId, customer_id: nextCustomer() };
      const key = `${pair.user_id}:${pair.customer_id}`;
      if (!(await this.write('add', { ...pair, secret: 'ABCD' }, token))) continue;
      this.rows.set(key, 'there');
      const read = await this.send('get', pair, token);
      if (read.status === 200 && read.body.code !== 200) this.missed++;
      if (pair.customer_id % 3 === 0) {
        this.rows.delete(key);
        if (await this.write('delete', pair, token)) this.rows.set(key, 'gone');
      }
      await sleep(PAUSE_MS);
    }
  }

  /** @returns true when the write was acknowledged */
  private async write(route: Route, json: object, token: string): Promise<boolean> {
    const sent = performance.now();
    const { status, body } = await this.send(route, json, token);
    const isAcknowledged = status === 200 && body.code === 200;
    if (isAcknowledged) this.writes.push({ sent, answered: performance.now() });
    else await sleep(20); // a refused client does not hammer
    return isAcknowledged;
  }

  private async send(route: Route, json: object, token: string): Promise<Answer> {
    const answer = await ask(`${this.url}/api/user_customer/${route}`, json, token);
    this.answers[answer.kind] = (this.answers[answer.kind] ?? 0) + 1;
    return answer;
  }
}

interface Answer {
  /** `HTTP 200`, or the fault of the answer. */
  kind: string;
  /** 0 without an answer. */
  status: number;
  body: any;
}

/** Sends JSON and waits for the answer, up to 20 seconds on the reference machine. */
export async function ask(url: string, json: object, token = ''): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(json),
      signal: AbortSignal.timeout(patience(20_000)),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json');
    const kind = `HTTP ${response.status}${isJson ? '' : ' without an envelope'}`;
    return { kind, status: response.status, body: isJson ? JSON.parse(text) : text };
  } catch (error) {
    const { name, cause } = error as Error & { cause?: { code?: string } };
    return { kind: `no answer: ${cause?.code ?? name}`, status: 0, body: undefined };
  }
}
