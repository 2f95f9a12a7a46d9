import { UserCustomer } from '../../src/user-customer/entities/user-customer.entity';
import { TestApp } from '../app';
import { buildCustomer, buildUser, buildUserCustomer } from '../factories';
import { badParameter, call, NOT_YOUR_DATA, notAnId, rejected, succeeded } from '../mix';

const ADDED = succeeded('添加成功');
const FOLLOWED = rejected('已关注该客户');
const NO_SUCH_USER = rejected('用户不存在');
const WRONG_SECRET = rejected('授权码错误');
const TOO_MANY = rejected('授权码错误次数过多，请15分钟后重试');

/** POST /api/user_customer/add (CONTRACT 1.3). */
describe('POST /api/user_customer/add', () => {
  let app: TestApp;
  let admin: string;
  beforeAll(async () => {
    app = await TestApp.start();
    admin = await app.login();
  });
  afterAll(() => app.stop());

  const add = (json: object, token: string) => call(app, 'user_customer/add', json, token);

  /** A new user, signed in: wrong codes are counted per user. */
  async function newUser() {
    const { userId, username } = await buildUser(app.dataSource);
    return { user_id: userId, token: await app.login(username, 'password') };
  }

  /** The request of a user who knows the code of a new customer. */
  async function follow(user_id: number, secret = 'ABCD') {
    const { customerId } = await buildCustomer(app.dataSource, { secret });
    return { user_id, customer_id: customerId, secret };
  }

  const rowOf = (json: { user_id: number; customer_id: number }) =>
    app.row(UserCustomer, { userId: json.user_id, customerId: json.customer_id });

  describe('with the right code', () => {
    test("creates a row with the contract's defaults, created now in UTC+8", async () => {
      const { user_id, token } = await newUser();
      const json = await follow(user_id);
      const before = Math.floor(Date.now() / 1000);
      expect(await add(json, token)).toEqual(ADDED);
      const row = (await rowOf(json))!;
      const { customer_id: customerId } = json;
      const defaults = { template: null, script: null, reference: '', isAvailable: 1, bossSync: 0 };
      expect(row).toEqual({ userId: user_id, customerId, ...defaults, created: row.created });
      expect(row.created).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
      const created = Date.parse(`${row.created!.replace(' ', 'T')}+08:00`) / 1000;
      expect(created).toBeGreaterThanOrEqual(before);
      expect(created).toBeLessThanOrEqual(Date.now() / 1000);
    });

    test('keeps template, script and reference unchanged', async () => {
      const { user_id, token } = await newUser();
      const json = await follow(user_id);
      const texts = { template: ' {{a}} ', script: '<script>alert("1")</script>\n', reference: 'R-1' };
      expect(await add({ ...json, ...texts }, token)).toEqual(ADDED);
      expect(await rowOf(json)).toMatchObject(texts);
    });

    test('treats empty texts and nulls as absent', async () => {
      const { user_id, token } = await newUser();
      for (const empty of ['', null]) {
        const json = await follow(user_id);
        expect(await add({ ...json, template: empty, script: empty, reference: empty }, token)).toEqual(ADDED);
        expect(await rowOf(json)).toMatchObject({ template: null, script: null, reference: '' });
      }
    });

    test('accepts ids as text', async () => {
      const { user_id, token } = await newUser();
      const json = await follow(user_id);
      expect(await add({ ...json, user_id: `${user_id}`, customer_id: `${json.customer_id}` }, token)).toEqual(ADDED);
      expect(await rowOf(json)).not.toBeNull();
    });

    test('ignores is_available, boss_sync and created', async () => {
      const { user_id, token } = await newUser();
      const json = await follow(user_id);
      await add({ ...json, is_available: 0, boss_sync: 1, created: '2000-01-01 00:00:00', bossSync: 1 }, token);
      const row = (await rowOf(json))!;
      expect(row).toMatchObject({ isAvailable: 1, bossSync: 0 });
      expect(row.created! > '2024').toBe(true);
    });

    test('is_super adds for any user', async () => {
      const { user_id } = await newUser();
      const json = await follow(user_id);
      expect(await add(json, admin)).toEqual(ADDED);
      expect(await rowOf(json)).not.toBeNull();
    });
  });

  describe('an existing pair', () => {
    test('is reported as followed already, and its row stays unchanged', async () => {
      const { user_id, token } = await newUser();
      const json = await follow(user_id);
      const stored = { userId: user_id, customerId: json.customer_id, template: 't', script: 's', reference: 'r' };
      const row = await buildUserCustomer(app.dataSource, { ...stored, isAvailable: 0, bossSync: 1 });
      expect(await add({ ...json, template: 'x', script: 'x', reference: 'x' }, token)).toEqual(FOLLOWED);
      expect(await add({ ...json, secret: 'nope' }, token)).toEqual(FOLLOWED);
      expect(await rowOf(json)).toEqual(row);
    });

    test('succeeds exactly once for 20 equal adds at once', async () => {
      const { user_id, token } = await newUser();
      const json = await follow(user_id);
      const adds = Array.from({ length: 20 }, (_, i) => add({ ...json, reference: `${i}` }, token));
      const answers = await Promise.all(adds);
      const winners = answers.flatMap(({ code }, i) => (code === 200 ? [i] : []));
      expect(winners).toHaveLength(1);
      expect(answers.filter(({ code }) => code !== 200)).toEqual(Array(19).fill(FOLLOWED));
      expect(await app.dataSource.getRepository(UserCustomer).findBy({ userId: user_id })).toMatchObject([
        { customerId: json.customer_id, reference: `${winners[0]}` },
      ]);
    });

    test('can be added again after it was deleted', async () => {
      const { user_id, token } = await newUser();
      const json = await follow(user_id);
      await add({ ...json, reference: 'old' }, token);
      await call(app, 'user_customer/delete', json, token);
      expect(await add(json, token)).toEqual(ADDED);
      expect(await rowOf(json)).toMatchObject({ reference: '' });
    });
  });

  describe('the code', () => {
    test('answers a wrong code and an unknown customer alike, and adds nothing', async () => {
      const { user_id, token } = await newUser();
      const json = await follow(user_id);
      expect(await add({ ...json, secret: 'ABCE' }, token)).toEqual(WRONG_SECRET);
      expect(await add({ ...json, customer_id: 9_999_999 }, token)).toEqual(WRONG_SECRET);
      expect(await rowOf(json)).toBeNull();
      expect(await app.row(UserCustomer, { userId: user_id, customerId: 9_999_999 })).toBeNull();
    });

    test.each(['abcd', 'ABCD ', ' ABCD', 'ABC', 'ABCDE', 'ABCD\0', '%', 'ＡＢＣＤ'])(
      'ABCD is not %j',
      async (secret) => {
        const { user_id, token } = await newUser();
        expect(await add({ ...(await follow(user_id)), secret }, token)).toEqual(WRONG_SECRET);
      },
    );

    test("must be the customer's own, not another's", async () => {
      const { user_id, token } = await newUser();
      const [one, other] = [await follow(user_id, 'AAAA'), await follow(user_id, 'BBBB')];
      expect(await add({ ...one, secret: other.secret }, token)).toEqual(WRONG_SECRET);
    });

    test('is refused after 10 wrong ones, even the right one and for every customer', async () => {
      const { user_id, token } = await newUser();
      const json = await follow(user_id);
      for (let i = 0; i < 10; i++) {
        // An unknown customer counts as well, otherwise it could be told from a wrong code.
        const customer_id = i % 2 ? json.customer_id : 9_999_999;
        expect(await add({ ...json, customer_id, secret: `x${i}` }, token)).toEqual(WRONG_SECRET);
      }
      expect(await add(json, token)).toEqual(TOO_MANY);
      expect(await add(await follow(user_id), token)).toEqual(TOO_MANY);
      expect(await rowOf(json)).toBeNull();
    });

    test('still works after 9 wrong ones, and right ones are not counted', async () => {
      const { user_id, token } = await newUser();
      const json = await follow(user_id);
      for (let i = 0; i < 9; i++) expect(await add({ ...json, secret: `x${i}` }, token)).toEqual(WRONG_SECRET);
      for (let i = 0; i < 5; i++) expect(await add(await follow(user_id), token)).toEqual(ADDED);
      expect(await add({ ...json, secret: 'x' }, token)).toEqual(WRONG_SECRET);
      expect(await add(json, token)).toEqual(TOO_MANY);
    });

    test("is counted per user: one user's wrong codes do not stop another", async () => {
      const [one, other] = [await newUser(), await newUser()];
      const json = await follow(one.user_id);
      for (let i = 0; i < 10; i++) await add({ ...json, secret: `x${i}` }, one.token);
      expect(await add(json, one.token)).toEqual(TOO_MANY);
      expect(await add({ ...json, user_id: other.user_id }, other.token)).toEqual(ADDED);
    });

    test('is reported as wrong at most 10 times for 50 guesses at once', async () => {
      const { user_id, token } = await newUser();
      const json = await follow(user_id);
      const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => add({ ...json, secret: `x${i}` }, token)));
      expect(answers.filter(({ msg }) => msg === WRONG_SECRET.msg)).toHaveLength(10);
      expect(answers.filter(({ msg }) => msg === TOO_MANY.msg)).toHaveLength(40);
      expect(await add(json, token)).toEqual(TOO_MANY);
    });
  });

  describe('is refused', () => {
    const json = { user_id: 998, customer_id: 1003, secret: 'W2MX' };
    afterEach(async () => expect(await rowOf(json)).toBeNull());

    test('for an unknown user', async () => {
      expect(await add({ ...json, user_id: 77 }, admin)).toEqual(NO_SUCH_USER);
      expect(await app.row(UserCustomer, { userId: 77, customerId: 1003 })).toBeNull();
    });

    test('for another user, existing or not', async () => {
      const { token } = await newUser();
      expect(await add(json, token)).toEqual(NOT_YOUR_DATA);
      expect(await add({ ...json, user_id: 77 }, token)).toEqual(NOT_YOUR_DATA);
      expect(await add({ ...json, secret: 'nope' }, token)).toEqual(NOT_YOUR_DATA);
    });

    test.each(notAnId)('with an id %j: %s', async (id, sentence) => {
      expect(await add({ ...json, user_id: id }, admin)).toEqual(badParameter(`user_id ${sentence}`));
      expect(await add({ ...json, customer_id: id }, admin)).toEqual(badParameter(`customer_id ${sentence}`));
    });

    test.each([
      [{ secret: undefined }, 'secret 不能为空'],
      [{ secret: null }, 'secret 不能为空'],
      [{ secret: '' }, 'secret 不能为空'],
      [{ secret: 1234 }, 'secret 必须是字符串'],
      [{ secret: ['W2MX'] }, 'secret 必须是字符串'],
      [{ secret: 'x'.repeat(65) }, 'secret 不能超过64个字符'],
      [{ template: 1 }, 'template 必须是字符串'],
      [{ template: {} }, 'template 必须是字符串'],
      [{ script: ['x'] }, 'script 必须是字符串'],
      [{ script: '\udc00' }, 'script 含有无法保存的字符'],
      [{ reference: false }, 'reference 必须是字符串'],
      [{ reference: 'x'.repeat(256) }, 'reference 不能超过255个字符'],
    ])('with %j', async (wrong, detail) => {
      expect(await add({ ...json, ...wrong }, admin)).toEqual(badParameter(detail));
    });

    test('with every wrong parameter named', async () => {
      const { mix_msg } = await add({}, admin);
      expect(mix_msg.split(' | ').sort()).toEqual(['customer_id 不能为空', 'secret 不能为空', 'user_id 不能为空']);
    });
  });

  test('no answer ever holds the code', async () => {
    const { user_id, token } = await newUser();
    const json = await follow(user_id, 'SeCrEt-42');
    const send = async (route: string, more: object = {}) =>
      (await app.send(`/api/user_customer/${route}`, { json: { ...json, ...more }, token })).text;
    const texts = [
      await send('add', { reference: 'x'.repeat(256) }),
      await send('add', { user_id: 998 }),
      await send('add', { secret: 'seCrEt-43' }),
      await send('add'),
      await send('add'),
      await send('get'),
      await send('edit', { reference: 'R' }),
      await send('get_list'),
      await send('get_list', { condition: [['secret', '=', json.secret]] }),
      await send('get_customer_list'),
      await send('delete'),
      await send('multi_delete', { customer_id: [json.customer_id] }),
    ];
    for (const text of texts) expect(text).not.toMatch(/secret/i);
  });
});
