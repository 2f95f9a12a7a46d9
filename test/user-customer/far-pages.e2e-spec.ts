import type { EntityTarget, ObjectLiteral } from 'typeorm';
import { Customer } from '../../src/user-customer/entities/customer.entity';
import { UserCustomer } from '../../src/user-customer/entities/user-customer.entity';
import { TestApp } from '../app';
import { buildUser } from '../factories';
import { call } from '../mix';

const COUNT = 5000;
const SIZE = 50;

/** Four times, one of them none: most rows of a page are equal in what orders them first. */
const TIMES = ['2024-01-01 00:00:00', null, '2024-01-03 00:00:00', '2024-01-02 00:00:00'];

/** Ids in no order, each once: 4999 has no divisor in common with 5000. */
const ID_OF = (n: number) => ((n * 4999) % COUNT) + 1;

/** Every text differs from every other, so that a row with another's text is found. */
const customers = Array.from({ length: COUNT }, (_, n) => {
  const customer_id = ID_OF(n);
  const of = (text: string) => `${text}${customer_id}`;
  return {
    customer_id,
    customer_name: of('客户'),
    description: of('d'),
    secret: of('S'),
    exp_id: of('x'),
    province: of('p'),
    city: of('c'),
    address: of('a'),
    phone: of('1'),
    contact: of('o'),
    mobile: of('2'),
    email: of('e'),
    template: customer_id % 3 ? of('{{t}}').repeat(20) : null,
    script: of('<s>'),
    reference: `R${customer_id % 2}`,
    created: TIMES[n % 4]!,
  };
});

const relations = customers.map(({ customer_id, template, script, reference, created }) => {
  return { user_id: 0, customer_id, template, script, reference, created, is_available: 1, boss_sync: 0 };
});

/** Newest first, rows without a time last, then by id descending (CONTRACT 1.3). */
const newestFirst = (rows: any[]) =>
  [...rows].sort((a, b) => {
    if (a.created === b.created) return b.customer_id - a.customer_id;
    return (a.created ?? '') < (b.created ?? '') ? 1 : -1;
  });

/** Pages far from the first are read in another way: they hold what a sort and a cut of all rows give. */
describe('far pages', () => {
  let app: TestApp;
  let admin: string;
  let follower: string;
  let userId: number;

  beforeAll(async () => {
    app = await TestApp.start({ demo: false });
    await buildUser(app.dataSource, { username: 'boss', isSuper: 1 });
    ({ userId } = await buildUser(app.dataSource, { username: 'follower' }));
    const columns = customers.map(({ customer_id: customerId, customer_name: name, exp_id: expId, ...texts }) => {
      return { customerId, name, expId, ...texts };
    });
    // Another user follows them too, whose rows must not show.
    const follows = columns.flatMap(({ customerId, template, script, reference, created }) =>
      [userId, userId + 1].map((id) => ({ userId: id, customerId, template, script, reference, created })),
    );
    await insert(Customer, columns);
    await insert(UserCustomer, follows);
    admin = await app.login('boss', 'password');
    follower = await app.login('follower', 'password');
  });
  afterAll(() => app.stop());

  /** In parts: SQLite binds at most 32,766 values. */
  async function insert(entity: EntityTarget<ObjectLiteral>, rows: object[]) {
    for (let from = 0; from < rows.length; from += 1000) {
      const some = rows.slice(from, from + 1000);
      await app.dataSource.createQueryBuilder().insert().into(entity).values(some).updateEntity(false).execute();
    }
  }

  const withoutSecret = () => customers.map((row) => ({ ...row, secret: '' }));
  const own = () => relations.map((row) => ({ ...row, user_id: userId }));

  const lists: [route: string, token: () => string, rows: () => object[]][] = [
    ['customer/get_list', () => follower, withoutSecret],
    ['customer/get_all_list', () => admin, () => customers],
    ['user_customer/get_list', () => follower, own],
    ['user_customer/get_customer_list', () => follower, own],
  ];

  describe.each(lists)('of %s', (route, token, rowsOf) => {
    const pageOf = async (json: object) => (await call(app, route, { user_id: userId, ...json }, token())).result;

    test.each([20, 21, 22, 51, 99, 100, 101, 1000])('page %d of 100', async (page_index) => {
      const rows = newestFirst(rowsOf());
      const first = (page_index - 1) * SIZE;
      const { data, ...page } = await pageOf({ page_index, page_size: SIZE });
      expect(page).toEqual({ page_index, page_size: SIZE, total_pages: COUNT / SIZE, total_records: COUNT });
      expect(JSON.stringify(data)).toBe(JSON.stringify(rows.slice(first, first + SIZE)));
    });

    test('narrowed', async () => {
      const condition = [
        ['reference', '=', 'R1'],
        ['template', 'LIKE', '{{T}}'],
      ];
      const rows = newestFirst(rowsOf()).filter(
        ({ reference, template, created }) => reference === 'R1' && template !== null && created >= '2024-01-02',
      );
      const asked = { condition, start_time: '2024-01-02', page_size: 7 };
      for (const page_index of [142, 143, 144, Math.ceil(rows.length / 7)]) {
        const { data, total_records } = await pageOf({ ...asked, page_index });
        expect(total_records).toBe(rows.length);
        expect(JSON.stringify(data)).toBe(JSON.stringify(rows.slice((page_index - 1) * 7, page_index * 7)));
      }
    });
  });
});
