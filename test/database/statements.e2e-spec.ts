import type { Follow } from '../../src/wechat-customers/entities/follow.entity';
import type { Tag } from '../../src/wechat-customers/entities/tag.entity';
import { FollowWriter, FollowData } from '../../src/wechat-customers/write/follow-writer';
import { TestApp } from '../app';
import { engine } from '../database';
import { buildCustomer, buildFollow, buildTag, buildUserCustomer, followData } from '../factories';
import { call } from '../mix';

const TENANT = { uniacid: 2, enterpriseId: 1 };
const USER = 998;
const TRIES = 5;

/**
 * The number of statements a request sends: each is a round trip, which with the database on another machine is the
 * longest part of an answer. The server itself counts, BEGIN and COMMIT included.
 */
if (engine === 'mariadb') {
  describe('statements of', () => {
    let app: TestApp;
    let token: string;

    beforeAll(async () => {
      app = await TestApp.start({ settings: { DATABASE_POOL_SIZE: '1' } }); // one session, which counts all statements
      token = await app.login();
      await app.send('/business/2/admin/manageBusiness', { token, json: { id: TENANT.enterpriseId } });
    });

    afterAll(() => app.stop());

    /** Statements of the session so far; the query itself is one of them. */
    async function questions(): Promise<number> {
      const [row] = await app.dataSource.query<{ Value: string }[]>("SHOW SESSION STATUS LIKE 'Questions'");
      return Number(row!.Value);
    }

    /** The minimum over several tries: now and then the sessions' timer sends a query in between. */
    async function statementsOf(request: (n: number) => Promise<unknown>): Promise<number> {
      const tries: number[] = [];
      for (let n = 0; n < TRIES; n++) {
        const before = await questions();
        await request(n);
        tries.push((await questions()) - before - 1);
      }
      return Math.min(...tries);
    }

    const succeed = async (route: string, json: object) =>
      expect((await call(app, `user_customer/${route}`, json, token)).code).toBe(200);

    /** One customer per try, followed by the user. */
    const followed = () =>
      Promise.all(Array.from({ length: TRIES }, () => buildUserCustomer(app.dataSource, { userId: USER })));

    test('the counter: zero for no query, one for one query', async () => {
      expect(await statementsOf(async () => undefined)).toBe(0);
      expect(await statementsOf(() => app.dataSource.query('SELECT 1'))).toBe(1);
    });

    describe('family A:', () => {
      test('get is one', async () => {
        const { customerId: customer_id } = await buildUserCustomer(app.dataSource, { userId: USER });
        expect(await statementsOf(() => succeed('get', { user_id: USER, customer_id }))).toBe(1);
      });

      test('get_list is one, rows and total together', async () => {
        await followed();
        expect(await statementsOf(() => succeed('get_list', { page_size: 2 }))).toBe(1);
      });

      test('customer/get and customer/get_list are one, for those who follow and for is_super', async () => {
        const { customerId: customer_id } = await buildCustomer(app.dataSource);
        await buildUserCustomer(app.dataSource, { userId: USER, customerId: customer_id });
        const demo = await app.login('demo', 'demo-user');
        for (const reader of [token, demo]) {
          for (const route of ['get', 'get_list']) {
            expect(await statementsOf(() => call(app, `customer/${route}`, { customer_id }, reader))).toBe(1);
          }
        }
        await app.send('/api/logout', { token: demo });
      });

      test('add is five: a read, and a transaction with the relation and its line in the audit log', async () => {
        const customers = await Promise.all(Array.from({ length: TRIES }, () => buildCustomer(app.dataSource)));
        const add = (n: number) =>
          succeed('add', { user_id: USER, customer_id: customers[n]!.customerId, secret: customers[n]!.secret });
        expect(await statementsOf(add)).toBe(5);
      });

      test('edit is five: a transaction that locks the relation, logs the change and makes it', async () => {
        const { customerId: customer_id } = await buildUserCustomer(app.dataSource, { userId: USER });
        const edit = (n: number) => succeed('edit', { user_id: USER, customer_id, reference: `R${n}` });
        expect(await statementsOf(edit)).toBe(5);
      });

      test('delete is five, likewise', async () => {
        const relations = await followed();
        const remove = (n: number) => succeed('delete', { user_id: USER, customer_id: relations[n]!.customerId });
        expect(await statementsOf(remove)).toBe(5);
      });

      test('multi_delete of a thousand is five as well', async () => {
        const relations = await followed();
        const remove = (n: number) => {
          const { customerId } = relations[n]!;
          const customer_id = Array.from({ length: 1000 }, (_, i) => (i === 0 ? customerId : 5_000_000 + i));
          return succeed('multi_delete', { user_id: USER, customer_id });
        };
        expect(await statementsOf(remove)).toBe(5);
      });
    });

    describe('family B:', () => {
      const list = async (search: object = {}) => {
        const { body } = await app.send('/business/2/plugin/WechatCustomers/getList', { token, json: { search } });
        expect(body.data.total).toBeGreaterThan(0);
      };

      test('getList is two while nothing changes: the right and the rows', async () => {
        await list();
        expect(await statementsOf(() => list())).toBe(2);
      });

      test('getList is three after a follow has changed: the total is read anew', async () => {
        await list();
        const changed = async () => {
          await app.dataSource.query('UPDATE enterprise SET follows_revision = follows_revision + 1');
          await list();
        };
        expect(await statementsOf(changed)).toBe(3 + 1);
      });

      test('getList by customer is four after a follow has changed, with the look-up of a contact, and then two', async () => {
        const byCustomer = () => list({ customer: '李' });
        const changed = async () => {
          await app.dataSource.query('UPDATE enterprise SET follows_revision = follows_revision + 1');
          await byCustomer();
        };
        expect(await statementsOf(changed)).toBe(4 + 1);
        expect(await statementsOf(byCustomer)).toBe(2);
      });

      test('getList is five after a tag or an employee was added: both lists are read anew', async () => {
        await list();
        const changed = async () => {
          await app.dataSource.query('UPDATE enterprise SET lists_revision = lists_revision + 1');
          await list();
        };
        expect(await statementsOf(changed)).toBe(4 + 1);
      });

      test('getDetails is two: the right and the follow with its contact and employee; with tags three', async () => {
        const details = async ({ userid, externalUserid: external_userid }: Follow) => {
          const json = { userid, external_userid };
          const { body } = await app.send('/business/2/plugin/WechatCustomers/getDetails', { token, json });
          expect(body.data).toMatchObject(json);
        };
        const [untagged, tagged] = [
          await buildFollow(app.dataSource),
          await buildFollow(app.dataSource, { tags: [await buildTag(app.dataSource)] }),
        ];
        expect(await statementsOf(() => details(untagged))).toBe(2);
        expect(await statementsOf(() => details(tagged))).toBe(3);
      });
    });

    describe('FollowWriter.save:', () => {
      // Without any token to check, the sessions' timer sends no query: three hundred follows take longer than its
      // interval.
      beforeAll(() => app.send('/api/logout', { token }));

      const save = (relations: FollowData[]) => app.app.get(FollowWriter).save(TENANT, relations);

      /** `count` follows, each with three tags. */
      const relations = (count: number, tags: Tag[]) =>
        Array.from({ length: count }, (_, n) => followData({ tags, contact: { name: `客户${n}` } }));

      test('new follows take the same number, whether one or three hundred', async () => {
        const tags = await Promise.all([1, 2, 3].map(() => buildTag(app.dataSource)));
        const ofOne = await statementsOf(() => save(relations(1, tags)));
        const ofMany = await statementsOf(() => save(relations(300, tags)));
        expect(ofMany).toBe(ofOne);
        expect(ofOne).toBeLessThanOrEqual(14);
      });

      test('existing follows take the same number, whether one or three hundred', async () => {
        const tags = await Promise.all([1, 2, 3].map(() => buildTag(app.dataSource)));
        const [one, many] = [relations(1, tags), relations(300, tags)];
        await save([...one, ...many]);
        const changed = (list: FollowData[], n: number) =>
          list.map(({ contact, follow }) => ({ contact, follow: { ...follow, remark: `${n}` } }));
        const ofOne = await statementsOf((n) => save(changed(one, n)));
        const ofMany = await statementsOf((n) => save(changed(many, n)));
        expect(ofMany).toBe(ofOne);
        expect(ofOne).toBeLessThanOrEqual(17);
      });
    });
  });
} else {
  test.skip('statements are counted on MariaDB: SQLite has no round trips', () => undefined);
}
