import { isDeepStrictEqual } from 'node:util';
import { UserCustomer } from '../../src/user-customer/entities/user-customer.entity';
import { Follow } from '../../src/wechat-customers/entities/follow.entity';
import type { Tag } from '../../src/wechat-customers/entities/tag.entity';
import { FollowWriter } from '../../src/wechat-customers/write/follow-writer';
import { TestApp } from '../app';
import { engine } from '../database';
import { expectExactlyDerived } from '../derived-rows';
import { buildCustomer, buildEnterprise, buildRight, buildTag, buildUser, buildUserCustomer } from '../factories';
import { followData } from '../factories';
import { call, rejected, succeeded } from '../mix';
import { RolledBack, runTransactions } from '../transactions';
import { History } from './history';
import { measured, percentile } from './measured';
import { UNLIMITED } from './unlimited';

const ADDED = succeeded('添加成功');
const FOLLOWED = rejected('已关注该客户');

/** Number of processes on one database: SQLite serves only one. */
const PROCESSES = engine === 'mariadb' ? 2 : 1;

/** Many concurrent requests on the same rows, through every process: nothing is lost, doubled or mixed. */
describe('concurrently', () => {
  const apps: TestApp[] = [];
  const app = (n = 0) => apps[n % PROCESSES]!;
  let token: string;

  beforeAll(async () => {
    apps.push(await TestApp.start({ settings: { ...UNLIMITED, DATABASE_POOL_SIZE: '20' } }));
    while (apps.length < PROCESSES) apps.push(await app().second());
    token = await app().login();
  });

  afterAll(async () => {
    for (const each of apps.reverse()) await each.stop();
  });

  test('a hundred equal adds make one row: one succeeds, the others are told that it exists', async () => {
    const ROUNDS = 5;
    const ADDS = 100;
    // Several accounts, because guesses of one account at a code wait for each other.
    const tokens: string[] = [];
    for (let n = 0; n < 5; n++) {
      const { username } = await buildUser(app().dataSource, { isSuper: 1 });
      tokens.push(await app().login(username, 'password'));
    }
    const times: number[] = [];
    let [rows, succeeded, followed] = [0, 0, 0];
    for (let round = 0; round < ROUNDS; round++) {
      const { userId: user_id } = await buildUser(app().dataSource);
      const { customerId: customer_id, secret } = await buildCustomer(app().dataSource);
      const add = async (n: number) => {
        const begun = performance.now();
        const json = { user_id, customer_id, secret, reference: `${n}` };
        const answer = await call(app(n), 'user_customer/add', json, tokens[n % tokens.length]);
        times.push(performance.now() - begun);
        return answer;
      };
      const answers = await Promise.all(Array.from({ length: ADDS }, (_, n) => add(n)));
      const winner = answers.findIndex(({ code }) => code === 200);
      const stored = await app().dataSource.getRepository(UserCustomer).findBy({ userId: user_id });
      rows += stored.length;
      succeeded += answers.filter((answer) => isDeepStrictEqual(answer, ADDED)).length;
      followed += answers.filter((answer) => isDeepStrictEqual(answer, FOLLOWED)).length;
      expect(stored).toMatchObject([{ customerId: customer_id, reference: `${winner}` }]);
    }
    expect({ rows, succeeded, followed }).toEqual({ rows: ROUNDS, succeeded: ROUNDS, followed: ROUNDS * (ADDS - 1) });
    measured(`equal adds at once, ${PROCESSES} process(es)`, {
      rounds: ROUNDS,
      adds: ADDS,
      rows,
      succeeded,
      'told 已关注': followed,
      'p99 ms': Math.round(percentile(times, 0.99)),
    });
  });

  test('sixty edits by each of six workers on the same relations leave every field at its last acknowledged value', async () => {
    const WORKERS = 6;
    const EDITS = 60;
    const FIELDS = ['template', 'script', 'reference'] as const;
    const { userId: user_id } = await buildUser(app().dataSource);
    const customerIds: number[] = [];
    for (let n = 0; n < 3; n++) {
      const texts = { template: 'initial', script: 'initial', reference: 'initial' };
      customerIds.push((await buildUserCustomer(app().dataSource, { userId: user_id, ...texts })).customerId);
    }
    const registers = customerIds.flatMap((id) => FIELDS.map((field) => [`${id}.${field}`, 'initial']));
    const history = new History(Object.fromEntries(registers));

    const look = async (process: number, customer_id: number) => {
      const { result } = await call(app(process), 'user_customer/get', { user_id, customer_id }, token);
      return Object.fromEntries(FIELDS.map((field) => [`${customer_id}.${field}`, result[field] as string]));
    };

    /**
     * Two workers share each field, so that a field has rivals and the other two fields have other writers beside them.
     */
    const work = async (worker: number) => {
      const field = FIELDS[worker % FIELDS.length]!;
      for (let n = 0; n < EDITS; n++) {
        const customer_id = customerIds[(n + worker) % customerIds.length]!;
        const value = `worker ${worker}, edit ${n}`;
        await history.write({ [`${customer_id}.${field}`]: value }, async () => {
          const json = { user_id, customer_id, [field]: value };
          return (await call(app(n + worker), 'user_customer/edit', json, token)).code === 200;
        });
        if (n % 5 === 0) await history.read(() => look(n + worker + 1, customer_id));
      }
    };
    await Promise.all(Array.from({ length: WORKERS }, (_, worker) => work(worker)));
    for (const customer_id of customerIds) await history.read(() => look(0, customer_id));
    expect(history.impossible()).toEqual([]);
    expect(history.acknowledged).toBe(WORKERS * EDITS);
    measured(`edits by ${WORKERS} workers, ${PROCESSES} process(es)`, {
      acknowledged: history.acknowledged,
      'reads explained': history.looks,
      'lost or overwritten': history.impossible().length,
    });
  });

  test('saves of overlapping follows all succeed; rows, terms and counters are those of the last saves', async () => {
    const WRITERS = 6;
    const SAVES = 20;
    const EACH = 5;
    const MEMBERS = 4;
    const CUSTOMERS = 7;
    const uniacid = 9700;
    const { id: enterpriseId } = await buildEnterprise(app().dataSource, { uniacid });
    await buildRight(app().dataSource, { uniacid, enterpriseId });
    await app().send(`/business/${uniacid}/admin/manageBusiness`, { token, json: { id: enterpriseId } });
    const tenant = { uniacid, enterpriseId };
    const tags: Tag[] = [await buildTag(app().dataSource, tenant), await buildTag(app().dataSource, tenant)];
    const pairs = Array.from({ length: MEMBERS * CUSTOMERS }, (_, n) => [n % MEMBERS, n % CUSTOMERS] as const);
    const remarkOf = (employee: number | string, customer: number | string) => `remark of ${employee}/${customer}`;
    const history = new History(Object.fromEntries(pairs.map(([m, c]) => [remarkOf(`Member${m}`, `wm${c}`), 'none'])));

    const save = (writer: number, n: number) => {
      const values: Record<string, string> = {};
      const relations = Array.from({ length: EACH }, (_, i) => {
        const [employee, customer] = pairs[(writer * 7 + n * 3 + i * 5) % pairs.length]!;
        const remark = `${writer}.${n}.${i}`;
        values[remarkOf(`Member${employee}`, `wm${customer}`)] = remark;
        return followData({
          tags: tags.slice(0, n % 3),
          contact: { externalUserid: `wm${customer}`, name: `客户${writer}.${n}`, memberUid: n % 3 },
          follow: { userid: `Member${employee}`, remark, status: n % 4 ? 1 : -1, addWay: `${n % 2}` },
        });
      });
      return history.write(values, async () => {
        await app(writer).app.get(FollowWriter).save(tenant, relations);
        return true;
      });
    };

    const list = async (process: number, search: object = {}) => {
      const path = `/business/${uniacid}/plugin/WechatCustomers/getList`;
      const { body } = await app(process).send(path, { token, json: { per_page: 100, search } });
      expect(body.result).toBe(1);
      return body.data;
    };
    const look = (process: number) =>
      history.read(async () => {
        const { data } = await list(process);
        const none = pairs.map(([m, c]) => [remarkOf(`Member${m}`, `wm${c}`), 'none']);
        const found = data.map((row: any) => [remarkOf(row.userid, row.external_userid), row.remark]);
        return Object.fromEntries([...none, ...found]);
      });

    const write = async (writer: number) => {
      for (let n = 0; n < SAVES; n++) {
        await save(writer, n);
        if (n % 4 === 0) await look(writer + 1);
      }
    };
    await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
    await look(0);
    expect(history.impossible()).toEqual([]);
    const rows = await app().dataSource.getRepository(Follow).countBy(tenant);
    for (let process = 0; process < PROCESSES; process++) {
      const [normal, lost, all] = [
        await list(process, { status: 1 }),
        await list(process, { status: -1 }),
        await list(process),
      ];
      expect([all.total, normal.total + lost.total]).toEqual([rows, rows]);
    }
    await expectExactlyDerived(app().dataSource, tenant);
    measured(`saves of overlapping relations, ${PROCESSES} process(es)`, {
      relations: rows,
      saves: WRITERS * SAVES,
      'reads explained': history.looks,
      'lost or mixed': history.impossible().length,
    });
  });

  test('five hundred transactions, of which a quarter fails, leave no row missing and none over', async () => {
    const TRANSACTIONS = 500;
    const PLAIN_INSERTS = 100;
    const WIDTH = 50; // more would be refused for lack of connections
    const empty = await TestApp.start({ demo: false, settings: { ...UNLIMITED, DATABASE_POOL_SIZE: '20' } });
    const { reasons, promised, kept, expected, found } = await runTransactions(
      empty.dataSource,
      TRANSACTIONS,
      PLAIN_INSERTS,
      WIDTH,
    );
    await empty.stop();
    const missing = expected.filter((id) => !found.includes(id));
    const phantom = found.filter((id) => !expected.includes(id));
    measured('transactions at once', {
      transactions: TRANSACTIONS,
      'failed on purpose': reasons.filter((reason) => reason instanceof RolledBack).length,
      'plain inserts between': kept.length,
      missing: missing.length,
      phantom: phantom.length,
    });
    expect({ missing, phantom }).toEqual({ missing: [], phantom: [] });
    expect([promised.length, kept.length]).toEqual([(TRANSACTIONS * 3) / 4, PLAIN_INSERTS]);
    expect(reasons.every((reason) => reason instanceof RolledBack)).toBe(true);
  });
});
