import { UserCustomer } from '../../src/user-customer/entities/user-customer.entity';
import { Contact } from '../../src/wechat-customers/entities/contact.entity';
import { Follow } from '../../src/wechat-customers/entities/follow.entity';
import { FollowWriter } from '../../src/wechat-customers/write/follow-writer';
import { TestApp } from '../app';
import { engine } from '../database';
import { buildCustomer, buildEnterprise, buildRight, followData } from '../factories';
import { badParameter, call, succeeded } from '../mix';
import { measured } from './measured';
import { HALVES, KEPT, TOO_LONG } from './texts';

const bytesOf = (text: string) => Buffer.from(text).toString('hex').toUpperCase();
const byText = (a: string, b: string) => (a < b ? -1 : 1);

/** Text is kept byte for byte or refused: one table of expectations for both engines. */
describe('odd text', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start();
  });
  afterAll(() => app.stop());

  /** The stored bytes of columns, read by the engine. */
  async function rowBytes(table: string, columns: readonly string[], where: string, values: unknown[]) {
    const list = columns.map((column) => `HEX(${column}) AS ${column}`).join(', ');
    return (
      await app.dataSource.query<Record<string, string>[]>(`SELECT ${list} FROM ${table} WHERE ${where}`, values)
    )[0];
  }

  describe('in family A', () => {
    const FIELDS = ['template', 'script', 'reference'] as const;
    let token: string;
    beforeAll(async () => (token = await app.login('demo', 'demo-user')));

    const ask = (route: string, json: object) => call(app, `user_customer/${route}`, json, token);
    const allFields = (text: string) => Object.fromEntries(FIELDS.map((field) => [field, text]));

    async function newPair() {
      const { customerId: customer_id } = await buildCustomer(app.dataSource);
      return { user_id: 998, customer_id };
    }

    async function expectStored(pair: { user_id: number; customer_id: number }, text: string) {
      expect((await ask('get', pair)).result).toMatchObject(allFields(text));
      const where = 'user_id = ? AND customer_id = ?';
      const stored = await rowBytes('user_customer', FIELDS, where, Object.values(pair));
      expect(stored).toEqual(allFields(bytesOf(text)));
    }

    test.each(KEPT)('%s is kept by add, and by edit as form and multipart', async (_what, text) => {
      const pair = await newPair();
      expect(await ask('add', { ...pair, secret: 'ABCD', ...allFields(text) })).toEqual(succeeded('添加成功'));
      await expectStored(pair, text);
      const ids = { user_id: '998', customer_id: `${pair.customer_id}` };
      for (const encoding of ['form', 'multipart'] as const) {
        // Browsers and fetch send line ends in multipart fields as CRLF.
        const sent = encoding === 'multipart' ? text.replace(/\r\n?|\n/g, '\r\n') : text;
        await ask('edit', { ...pair, ...allFields('') });
        const fields = { ...ids, ...allFields(text) };
        const { body } = await app.send('/api/user_customer/edit', { [encoding]: fields, token });
        expect(body).toEqual(succeeded('编辑成功'));
        await expectStored(pair, sent);
      }
      await ask('edit', { ...pair, ...allFields(text) });
    });

    test.each(KEPT)('%s is found by itself and by nothing else', async (_what, text) => {
      const references = async (operator: string) => {
        const condition = [['reference', operator, text]];
        return (await ask('get_list', { condition })).result.data.map((row: { reference: string }) => row.reference);
      };
      expect(await references('=')).toEqual([text]);
      const containing = KEPT.map(([, kept]) => kept).filter((kept) => kept.toLowerCase().includes(text.toLowerCase()));
      expect((await references('LIKE')).sort(byText)).toEqual(containing.sort(byText));
    });

    test.each(HALVES)('%s is refused by add and edit, and nothing changes', async (_what, text) => {
      const [fresh, stored] = [await newPair(), { user_id: 998, customer_id: 1001 }];
      const before = await app.dataSource.getRepository(UserCustomer).find();
      for (const field of FIELDS) {
        const refused = badParameter(`${field} 含有无法保存的字符`);
        expect(await ask('add', { ...fresh, secret: 'ABCD', [field]: text })).toEqual(refused);
        expect(await ask('edit', { ...stored, [field]: text })).toEqual(refused);
      }
      expect(await app.dataSource.getRepository(UserCustomer).find()).toEqual(before);
    });

    test.each(TOO_LONG)('a reference of %s is refused', async (_what, text) => {
      const refused = badParameter('reference 不能超过255个字符');
      expect(await ask('edit', { user_id: 998, customer_id: 1001, reference: text })).toEqual(refused);
    });
  });

  describe('in family B', () => {
    const TENANT = { uniacid: 2, enterpriseId: 77 };
    const CONTACT = { name: 'name', position: 'position', corpName: 'corp_name', corpFullName: 'corp_full_name' };
    const FOLLOW = { remark: 'remark', description: 'description', remarkCorpName: 'remark_corp_name' };
    let token: string;
    let writer: FollowWriter;

    const every = (fields: object, text: string) =>
      Object.fromEntries(Object.keys(fields).map((field) => [field, text]));
    const relation = (n: number, text: string) =>
      followData({
        contact: { externalUserid: `wm-${n}`, ...every(CONTACT, text), externalProfile: JSON.stringify([text]) },
        follow: { userid: `member-${n}`, ...every(FOLLOW, text) },
      });
    const list = async (search: object) => {
      const path = `/business/${TENANT.uniacid}/plugin/WechatCustomers/getList`;
      const { body } = await app.send(path, { json: { search, per_page: 100 }, token });
      return body.data.data as { userid: string; has_one_customer: Record<string, string>; [column: string]: any }[];
    };

    beforeAll(async () => {
      await buildEnterprise(app.dataSource, { id: TENANT.enterpriseId });
      await buildRight(app.dataSource, { enterpriseId: TENANT.enterpriseId });
      token = await app.manage(TENANT.enterpriseId);
      writer = app.app.get(FollowWriter);
      await writer.save(
        TENANT,
        KEPT.map(([, text], n) => relation(n, text)),
      );
    });

    test.each(KEPT.map(([what, text], n) => [what, text, n] as const))('%s is kept', async (_what, text, n) => {
      const shown = (await list({ employee_member: `member-${n}` }))[0]!;
      for (const column of Object.values(FOLLOW)) expect(shown[column]).toBe(text);
      for (const column of Object.values(CONTACT)) expect(shown.has_one_customer[column]).toBe(text);
      expect(shown.has_one_customer.external_profile).toBe(JSON.stringify([text]));
      const key = 'crop_id = ? AND external_userid = ?';
      for (const [table, columns] of [
        ['wechat_follow', Object.values(FOLLOW)],
        ['wechat_customer', Object.values(CONTACT)],
      ] as const) {
        const stored = await rowBytes(table, columns, key, [TENANT.enterpriseId, `wm-${n}`]);
        expect(stored).toEqual(Object.fromEntries(columns.map((column) => [column, bytesOf(text)])));
      }
    });

    test.each(KEPT)('%s is found by a search in remark and name', async (_what, text) => {
      // A search is trimmed.
      const sought = text.trim().toLowerCase();
      const containing = KEPT.map(([, kept]) => kept).filter((kept) => kept.toLowerCase().includes(sought));
      for (const field of ['remark', 'customer']) {
        const found = (await list({ [field]: text })).map(({ remark }) => remark as string);
        expect(found.sort(byText)).toEqual(containing.sort(byText));
      }
    });

    const texts = [...HALVES, ...TOO_LONG];
    test.each(texts)('%s is refused with the column in the message, and nothing is saved', async (_what, text) => {
      const before = await app.dataSource.getRepository(Follow).find();
      const wrongs = [
        { contact: { name: text }, column: 'wechat_customer.name' },
        { follow: { remark: text }, column: 'wechat_follow.remark' },
      ];
      for (const { column, ...wrong } of wrongs) {
        await expect(writer.save(TENANT, [relation(0, 'other'), followData(wrong)])).rejects.toThrow(column);
      }
      expect(await app.dataSource.getRepository(Follow).find()).toEqual(before);
      expect(await app.dataSource.getRepository(Contact).countBy({ name: 'other' })).toBe(0);
    });
  });

  test('the table of expectations is the same on both engines', () => {
    measured('odd text is kept byte for byte or refused', {
      engine,
      'texts kept': KEPT.length,
      'texts refused': HALVES.length + TOO_LONG.length,
      fields: 10,
    });
    expect(new Set(KEPT.map(([, text]) => bytesOf(text))).size).toBe(KEPT.length);
  });
});
