import { UserCustomer } from '../../src/user-customer/entities/user-customer.entity';
import { TestApp } from '../app';
import { buildUserCustomer } from '../factories';
import { badParameter, call, NOT_FOUND, NOT_YOUR_DATA, notAnId, succeeded } from '../mix';

const EDITED = succeeded('编辑成功');

/** POST /api/user_customer/edit (CONTRACT 1.3). */
describe('POST /api/user_customer/edit', () => {
  let app: TestApp;
  let admin: string;
  beforeAll(async () => {
    app = await TestApp.start();
    admin = await app.login();
  });
  afterAll(() => app.stop());

  const edit = (json: object, token = admin) => call(app, 'user_customer/edit', json, token);
  const rowOf = ({ userId, customerId }: UserCustomer) => app.row(UserCustomer, { userId, customerId });
  const idsOf = ({ userId, customerId }: UserCustomer) => ({ user_id: userId, customer_id: customerId });
  const texts = { template: 'T', script: 'S', reference: 'R' };
  const newRow = (more: Partial<UserCustomer> = {}) => buildUserCustomer(app.dataSource, { ...texts, ...more });

  describe('changes only the fields that are present', () => {
    test.each([
      [{ template: 'new' }],
      [{ script: 'new' }],
      [{ reference: 'new' }],
      [{ template: '1', script: '2' }],
      [{ template: '1', script: '2', reference: '3' }],
    ])('%j', async (changes) => {
      const row = await newRow();
      expect(await edit({ ...idsOf(row), ...changes })).toEqual(EDITED);
      expect(await rowOf(row)).toEqual({ ...row, ...changes });
    });

    test('no field present: succeeds and changes nothing', async () => {
      const row = await newRow();
      expect(await edit(idsOf(row))).toEqual(EDITED);
      expect(await rowOf(row)).toEqual(row);
    });

    test('in that row only', async () => {
      const row = await newRow();
      const sameUser = await newRow();
      const sameCustomer = await newRow({ userId: 999, customerId: row.customerId });
      await edit({ ...idsOf(row), reference: 'new' });
      expect(await rowOf(sameUser)).toEqual(sameUser);
      expect(await rowOf(sameCustomer)).toEqual(sameCustomer);
    });

    test('also by form and multipart', async () => {
      for (const encoding of ['form', 'multipart'] as const) {
        const row = await newRow();
        const fields = {
          user_id: `${row.userId}`,
          customer_id: `${row.customerId}`,
          script: 'a=1&b=2 + 3\n',
          template: '',
        };
        const { body } = await app.send('/api/user_customer/edit', { [encoding]: fields, token: admin });
        expect(body).toEqual(EDITED);
        const { script } = (await rowOf(row))!;
        // Browsers send line breaks in multipart fields as CRLF.
        expect(script!.replace('\r\n', '\n')).toBe('a=1&b=2 + 3\n');
        expect(await rowOf(row)).toEqual({ ...row, template: null, script });
      }
    });
  });

  test.each([null, ''])('%j clears: template and script become null, reference empty', async (empty) => {
    const row = await newRow();
    expect(await edit({ ...idsOf(row), template: empty, script: empty, reference: empty })).toEqual(EDITED);
    expect(await rowOf(row)).toEqual({ ...row, template: null, script: null, reference: '' });
  });

  test('succeeds again with equal values', async () => {
    const row = await newRow();
    for (let i = 0; i < 2; i++) expect(await edit({ ...idsOf(row), reference: 'same' })).toEqual(EDITED);
    expect(await edit({ ...idsOf(row), ...texts, reference: 'same' })).toEqual(EDITED);
    expect(await rowOf(row)).toEqual({ ...row, reference: 'same' });
  });

  test('does not change created, is_available and boss_sync', async () => {
    const row = await newRow();
    const others = { created: '2000-01-01 00:00:00', is_available: 0, boss_sync: 1, isAvailable: 0, bossSync: 1 };
    expect(await edit({ ...idsOf(row), ...others })).toEqual(EDITED);
    expect(await edit({ ...idsOf(row), ...others, userId: 1, customerId: 1, reference: 'new' })).toEqual(EDITED);
    expect(await rowOf(row)).toEqual({ ...row, reference: 'new' });
  });

  test('reports a missing pair as not existing, and creates none', async () => {
    const missing = { user_id: 998, customer_id: 1004 };
    expect(await edit({ ...missing, reference: 'x' })).toEqual(NOT_FOUND);
    expect(await edit(missing)).toEqual(NOT_FOUND);
    expect(await app.row(UserCustomer, { userId: 998, customerId: 1004 })).toBeNull();
  });

  test('lets a user edit their own rows only', async () => {
    const demo = await app.login('demo', 'demo-user');
    const [own, foreign] = [await newRow(), await newRow({ userId: 1000 })];
    expect(await edit({ ...idsOf(own), reference: 'mine' }, demo)).toEqual(EDITED);
    expect(await edit({ ...idsOf(foreign), reference: 'mine' }, demo)).toEqual(NOT_YOUR_DATA);
    expect(await edit({ user_id: 1000, customer_id: 5 }, demo)).toEqual(NOT_YOUR_DATA);
    expect((await rowOf(own))!.reference).toBe('mine');
    expect(await rowOf(foreign)).toEqual(foreign);
  });

  describe('template and script are kept verbatim', () => {
    const verbatim: [what: string, text: string][] = [
      ['script tags', '<script>alert("1")</script><img src=x onerror=alert(1)>'],
      ['template syntax', '${1+1} {{7*7}} <%= process.env %> #{x} %s %d'],
      ['quotes and SQL', `'; DROP TABLE user_customer; -- " \` \\' \\`],
      ['white space and line ends', '  \t a \r\n b \n\n c \r '],
      ['emoji and 4-byte CJK', '😀👨‍👩‍👧‍👦 𠮷𡃁 客户'],
      ['NUL and other control characters', 'a\0b\u0001\u001a\u007f\u2028\ufeff'],
      ['both normal forms', 'é e\u0301'],
      ['JSON text', '{"a": [1, null]}'],
      ['a single blank', ' '],
      ['65535 bytes, one each', 'x'.repeat(65_535)],
      ['65535 bytes, three each', '客'.repeat(21_845)],
    ];
    test.each(verbatim)('%s', async (_what, text) => {
      const row = await newRow();
      expect(await edit({ ...idsOf(row), template: text, script: text })).toEqual(EDITED);
      expect(await rowOf(row)).toEqual({ ...row, template: text, script: text });
      const { result } = await call(app, 'user_customer/get', idsOf(row), admin);
      expect(result).toMatchObject({ template: text, script: text });
    });

    test('also a reference, up to 255 characters', async () => {
      const row = await newRow();
      const reference = `<b>😀\0</b>${'客'.repeat(246)}`;
      expect(await edit({ ...idsOf(row), reference })).toEqual(EDITED);
      expect(await rowOf(row)).toEqual({ ...row, reference });
    });
  });

  describe('refuses', () => {
    test.each([
      [{ template: 'x'.repeat(65_536) }, 'template 不能超过65535字节'],
      [{ script: `${'客'.repeat(21_845)}x` }, 'script 不能超过65535字节'],
      [{ reference: 'x'.repeat(256) }, 'reference 不能超过255个字符'],
      [{ template: 'a\ud800b' }, 'template 含有无法保存的字符'],
      [{ script: '\ude00\ud83d' }, 'script 含有无法保存的字符'],
      [{ reference: '\udfff' }, 'reference 含有无法保存的字符'],
      [{ template: 0 }, 'template 必须是字符串'],
      [{ template: [] }, 'template 必须是字符串'],
      [{ script: true }, 'script 必须是字符串'],
      [{ script: {} }, 'script 必须是字符串'],
      [{ reference: 1 }, 'reference 必须是字符串'],
      [{ reference: ['x'] }, 'reference 必须是字符串'],
    ])('%j', async (wrong, detail) => {
      const row = await newRow();
      expect(await edit({ ...idsOf(row), ...wrong })).toEqual(badParameter(detail));
      expect(await rowOf(row)).toEqual(row);
    });

    test('the valid fields too when one is wrong', async () => {
      const row = await newRow();
      expect(await edit({ ...idsOf(row), template: 'good', script: 1 })).toEqual(badParameter('script 必须是字符串'));
      expect(await rowOf(row)).toEqual(row);
    });

    test.each(notAnId)('an id %j: %s', async (id, sentence) => {
      const reference = 'x';
      expect(await edit({ user_id: id, customer_id: 1001, reference })).toEqual(badParameter(`user_id ${sentence}`));
      expect(await edit({ user_id: 998, customer_id: id, reference })).toEqual(badParameter(`customer_id ${sentence}`));
    });
  });
});
