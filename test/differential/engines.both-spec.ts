import { UserCustomer } from '../../src/user-customer/entities/user-customer.entity';
import { rebuildFollowIndex } from '../../src/wechat-customers/search-index/rebuild';
import { FollowData, FollowWriter } from '../../src/wechat-customers/write/follow-writer';
import { TestApp } from '../app';
import { mariadb } from '../mariadb/databases';
import { sqlite } from '../sqlite/databases';
import { randomSteps, Step } from './requests';
import { buildWorld, fill, PASSWORD, PLAIN, SUPER, TENANT } from './world';

const STEPS = Number(process.env.DIFFERENTIAL_STEPS ?? 2000);
/** A different seed, such as DIFFERENTIAL_SEED=7, gives other rows and requests. */
const SEED = Number(process.env.DIFFERENTIAL_SEED ?? 20_261_127);
/** Bounds a hang only: on a quiet machine a step takes about 10 ms. */
const TIMEOUT_MS = 900_000;

const START = Date.UTC(2024, 2, 1);
/** Only Date is the test's, and it stands still during a step: so both engines write the same times. */
const CLOCK_ONLY = {
  now: START,
  doNotFake: [
    ...(['hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate'] as const),
    ...(['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] as const),
  ],
};

/** The application on one engine. */
class Engine {
  /** Ids that the engine gave itself, by the order in which they are first seen: engines leave different gaps. */
  private readonly ids = new Map<string, number>();
  private readonly tokens: Record<string, string> = {};

  constructor(private readonly app: TestApp) {}

  async signIn(): Promise<void> {
    for (const name of [SUPER, PLAIN]) {
      this.tokens[name] = await this.app.manage(TENANT.enterpriseId, TENANT.uniacid, name, PASSWORD);
    }
  }

  /** Takes a step. @returns the answer, without what differs by nature */
  async take(step: Step): Promise<string> {
    if ('save' in step) return this.save(step.save);
    if ('reindex' in step) {
      const { dataSource } = this.app;
      return `${await dataSource.transaction((manager) => rebuildFollowIndex(manager))} follows`;
    }
    const { caller, path, json } = step;
    const { status, text } = await this.app.send(path, { json, token: this.tokens[caller] });
    return `${status} ${this.normalised(text)}`;
  }

  private save(follows: FollowData[]): Promise<string> {
    const saved = this.app.app.get(FollowWriter).save(TENANT, follows);
    return saved.then(() => 'saved').catch((error: Error) => error.message);
  }

  /** Tokens are random, the address is the test's, and only the order of generated ids is promised. */
  private normalised(text: string): string {
    return text
      .replaceAll(this.app.url.replaceAll('/', '\\/'), '')
      .replaceAll(this.app.url, '')
      .replace(/"(token|ticket|refresh_token)":"[0-9a-f]+"/g, '"$1":"…"')
      .replace(/"id":(\d+)/g, (_, id: string) => {
        const known = this.ids.get(id) ?? this.ids.size;
        this.ids.set(id, known);
        return `"id":${known}`;
      });
  }

  async forgetGuesses(): Promise<void> {
    await this.app.dataSource.query('DELETE FROM failed_attempt');
  }

  async relations(): Promise<string> {
    const order = { userId: 'ASC', customerId: 'ASC' } as const;
    return JSON.stringify(await this.app.dataSource.manager.find(UserCustomer, { order }));
  }

  stop(): Promise<void> {
    return this.app.stop();
  }
}

const nameOf = (step: Step) => ('path' in step ? step.path : Object.keys(step)[0]!);
const isSuccess = (answer: string) => /"code":200|"result":1,|^saved$|^[1-9]\d* follows$/.test(answer);
const hasRows = (answer: string) => /"(data|platform_list)":\[\{/.test(answer);

/** The surroundings of the first difference: answers are long. */
function whereTheyPart(sqlite: string, mariadb: string): string {
  const at = Array.from({ length: sqlite.length }, (_, n) => n).find((n) => sqlite[n] !== mariadb[n]) ?? sqlite.length;
  const around = (text: string) => text.slice(Math.max(0, at - 300), at + 100);
  return `\nsqlite  ${around(sqlite)}\nmariadb ${around(mariadb)}`;
}

const engines: Engine[] = [];
const both = <T>(ask: (engine: Engine) => Promise<T>) => Promise.all(engines.map(ask));
const world = buildWorld(SEED);

beforeAll(async () => {
  jest.useFakeTimers(CLOCK_ONLY);
  const settings = { RATE_LIMIT_ADDRESS: '0', RATE_LIMIT_ACCOUNT: '0' };
  for (const database of [await sqlite.create(), await mariadb.create()]) {
    const app = await TestApp.start({ fill: (dataSource) => fill(dataSource, world), settings, database });
    engines.push(new Engine(app));
  }
  await both((engine) => engine.signIn());
}, TIMEOUT_MS);

afterAll(async () => {
  await both((engine) => engine.stop());
  jest.useRealTimers();
});

test(
  `${STEPS} random requests and writes are answered alike by SQLite and MariaDB`,
  async () => {
    const differences: string[] = [];
    const steps = randomSteps(world, SEED, STEPS);
    const succeeded = new Set<string>();
    let rows = 0;
    for (const [n, step] of steps.entries()) {
      jest.setSystemTime(START + n * 1000);
      if (n % 50 === 0) await both((engine) => engine.forgetGuesses()); // ten end every `add`
      const [sqlite = '', mariadb = ''] = await both((engine) => engine.take(step));
      if (sqlite !== mariadb) differences.push(`step ${n} ${JSON.stringify(step)}: ${whereTheyPart(sqlite, mariadb)}`);
      if (isSuccess(sqlite)) succeeded.add(nameOf(step));
      if (hasRows(sqlite)) rows++;
    }
    expect(differences.slice(0, 3)).toEqual([]);
    const [sqlite, mariadb] = await both((engine) => engine.relations());
    expect(mariadb).toBe(sqlite);
    // A comparison of refusals and of empty lists would prove little.
    expect([...succeeded].sort()).toEqual([...new Set(steps.map(nameOf))].sort());
    expect(rows).toBeGreaterThan(STEPS / 3);
  },
  TIMEOUT_MS,
);
