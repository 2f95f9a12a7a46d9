import { TestApp } from '../app';
import { buildContact, buildFollow } from '../factories';

/** The longest text of a column: 65,535 bytes. */
const LONGEST = '客'.repeat(21_845);

/** More rows with two of them than the 8 MB of an answer hold. */
const FOLLOWS = 70;

const tooLarge = { result: 0, msg: '返回的内容超过8MB，请减小 per_page', data: [] };

/** Pages by bytes (CONTRACT 2.3): one of many long texts is refused, never cut, and never a fault. */
describe('pages of long texts', () => {
  let app: TestApp;
  /** Of the account that is the employee XiaoLiangZi. */
  let token: string;

  beforeAll(async () => {
    app = await TestApp.start();
    for (let n = 0; n < FOLLOWS; n++) {
      const contact = await buildContact(app.dataSource, { externalProfile: LONGEST });
      await buildFollow(app.dataSource, { contact, userid: 'XiaoLiangZi', tagId: LONGEST, status: -1 });
    }
    token = await app.manage(1, 2, 'demo', 'demo-user');
  });

  afterAll(() => app.stop());

  test.each(['getList', 'myCustomerList', 'myLossCustomerList'])('%s', async (route) => {
    const ask = async (json: object) => {
      const { status, body } = await app.send(`/business/2/plugin/WechatCustomers/${route}`, { json, token });
      expect(status).toBe(200);
      return body;
    };
    expect(await ask({ per_page: FOLLOWS })).toEqual(tooLarge);
    const { data } = await ask({ per_page: 60 });
    expect(data).toMatchObject({ per_page: 60, from: 1, to: 60 });
    expect(data.data).toHaveLength(60);
    for (const row of data.data)
      expect([row.tag_id, row.has_one_customer.external_profile]).toEqual([LONGEST, LONGEST]);
    expect((await ask({})).data.data).toHaveLength(15);
  });
});
