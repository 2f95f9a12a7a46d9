import { TestApp } from '../app';
import { buildContact, buildEmployee, buildEnterprise, buildFollow, buildRight, buildTag } from '../factories';

const UNIACID = 7500;
const LIST = `/business/${UNIACID}/plugin/WechatCustomers/getList`;
const WALL_CLOCK = '2021-09-28 09:21:46';
const BIG = 2 ** 53 - 1;

/** The rows of getList, and its lists of tags and employees (CONTRACT 2.3). */
describe('rows of getList', () => {
  let app: TestApp;
  let token: string;
  let tenant: { uniacid: number; enterpriseId: number };

  beforeAll(async () => {
    app = await TestApp.start();
    token = await app.login();
  });

  afterAll(() => app.stop());

  /** A new enterprise for each test. */
  beforeEach(async () => {
    const enterprise = await buildEnterprise(app.dataSource, { uniacid: UNIACID });
    await buildRight(app.dataSource, { uniacid: UNIACID, enterpriseId: enterprise.id });
    await app.send(`/business/${UNIACID}/admin/manageBusiness`, { token, json: { id: enterprise.id } });
    tenant = { uniacid: UNIACID, enterpriseId: enterprise.id };
  });

  const list = async (search: object = {}) => (await app.send(LIST, { token, json: { search } })).body.data;

  const addEmployee = (columns: object) =>
    buildEmployee(app.dataSource, { uniacid: UNIACID, enterpriseId: tenant.enterpriseId, ...columns });

  test('an empty enterprise has one empty page and empty lists', async () => {
    const { first_page_url, path } = await list();
    expect(first_page_url).toBe(`${path}?page=1`);
    expect(await list()).toEqual({
      current_page: 1,
      data: [],
      first_page_url,
      from: null,
      last_page: 1,
      last_page_url: first_page_url,
      next_page_url: null,
      path,
      per_page: 15,
      prev_page_url: null,
      to: null,
      total: 0,
      count: 0,
      tag: [],
      employee: [],
    });
  });

  test('numbers are numbers, codes and JSON are text, times are wall clock', async () => {
    const contact = await buildContact(app.dataSource, {
      ...tenant,
      memberUid: BIG,
      name: '456',
      externalType: 2,
      gender: 2,
      externalProfile: '{"external_attr":[]}',
      isMember: 1,
      createdAt: WALL_CLOCK,
    });
    const tag = await buildTag(app.dataSource, { ...tenant, name: '11', createTime: 1_615_434_976, order: BIG });
    const colleague = await addEmployee({
      memberUid: BIG,
      userid: '0042',
      mobile: '13547567468',
      mainDepartment: '1',
      rightType: 2,
    });
    const follow = await buildFollow(app.dataSource, {
      ...tenant,
      contact,
      employee: colleague,
      tags: [tag],
      memberUid: BIG,
      remark: '123',
      customerCreateTime: 1_631_950_639,
      remarkMobiles: '["13800000000"]',
      createtime: 1_631_950_640,
      addWay: '201',
      status: -1,
      createdAt: WALL_CLOCK,
    });
    const { data, tag: tags, employee, ...page } = await list();
    for (const key of ['current_page', 'from', 'to', 'last_page', 'per_page', 'total', 'count']) {
      expect([key, typeof page[key]]).toEqual([key, 'number']);
    }
    expect(employee).toEqual([{ user_id: '0042', name: colleague.name }]);
    expect(tags).toEqual([
      {
        id: tag.id,
        uniacid: UNIACID,
        crop_id: tenant.enterpriseId,
        tag_id: tag.tagId,
        name: '11',
        create_time: 1_615_434_976,
        order: BIG,
        created_at: null,
        updated_at: null,
        deleted_at: null,
        group_id: '',
        group_name: '',
      },
    ]);
    expect(data).toEqual([
      {
        id: follow.id,
        uniacid: UNIACID,
        crop_id: tenant.enterpriseId,
        uid: BIG,
        userid: '0042',
        external_userid: contact.externalUserid,
        remark: '123',
        description: '',
        customer_create_time: 1_631_950_639,
        remark_corp_name: '',
        remark_mobiles: '["13800000000"]',
        oper_userid: '',
        tag_id: tag.tagId,
        createtime: 1_631_950_640,
        add_way: '201',
        state: '',
        status: -1,
        created_at: WALL_CLOCK,
        updated_at: null,
        deleted_at: null,
        tag_name: '11',
        has_one_customer: {
          id: contact.id,
          uniacid: UNIACID,
          crop_id: tenant.enterpriseId,
          uid: BIG,
          external_userid: contact.externalUserid,
          name: '456',
          avatar: '',
          external_type: 2,
          gender: 2,
          unionid: '',
          position: '',
          corp_name: '',
          corp_full_name: '',
          external_profile: '{"external_attr":[]}',
          is_member: 1,
          created_at: WALL_CLOCK,
          updated_at: null,
          deleted_at: null,
        },
        has_one_employee: {
          id: colleague.id,
          uniacid: UNIACID,
          business_id: tenant.enterpriseId,
          uid: BIG,
          user_id: '0042',
          name: colleague.name,
          mobile: '13547567468',
          position: '',
          gender: 0,
          telephone: '',
          email: '',
          avatar: '',
          alias: '',
          status: 1,
          qr_code: '',
          address: '',
          open_userid: '',
          main_department: '1',
          updated_at: null,
          created_at: null,
          deleted_at: null,
          right_type: 2,
          disabled: 0,
        },
      },
    ]);
  });

  test('a contact of two employees is two rows with the same contact', async () => {
    const contact = await buildContact(app.dataSource, tenant);
    for (const userid of ['LiLei', 'HanMeimei']) {
      await buildFollow(app.dataSource, { ...tenant, contact, employee: await addEmployee({ userid }) });
    }
    const { data } = await list();
    expect(data.map((row: any) => [row.userid, row.has_one_employee.user_id, row.has_one_customer.id])).toEqual([
      ['HanMeimei', 'HanMeimei', contact.id],
      ['LiLei', 'LiLei', contact.id],
    ]);
  });

  test('has_one_employee is null when the employee is gone', async () => {
    await buildFollow(app.dataSource, { ...tenant, userid: 'Gone' });
    expect((await list()).data).toMatchObject([{ userid: 'Gone', has_one_employee: null }]);
  });

  describe('tag_name', () => {
    test('joins the names in the order of the tag list, whatever the order of tag_id', async () => {
      const tags = [];
      for (const name of ['甲', '乙', '丙']) tags.push(await buildTag(app.dataSource, { ...tenant, name }));
      const tagId = [tags[1], tags[2], tags[0]].map((tag) => tag?.tagId).join(',');
      await buildFollow(app.dataSource, { ...tenant, tags, tagId });
      expect((await list()).data).toMatchObject([{ tag_id: tagId, tag_name: '丙,乙,甲' }]);
    });

    test('skips ids of unknown tags, and is empty without a known one', async () => {
      const tag = await buildTag(app.dataSource, { ...tenant, name: '甲' });
      await buildFollow(app.dataSource, { ...tenant, tagId: '' });
      await buildFollow(app.dataSource, { ...tenant, tagId: 'etUnknown' });
      await buildFollow(app.dataSource, { ...tenant, tags: [tag], tagId: `etUnknown,${tag.tagId},etOther` });
      const { data } = await list();
      expect(data.map(({ tag_id, tag_name }: any) => [tag_id, tag_name])).toEqual([
        [`etUnknown,${tag.tagId},etOther`, '甲'],
        ['etUnknown', ''],
        ['', ''],
      ]);
    });
  });

  describe('the lists to filter by', () => {
    test('tag has all tags, id descending; employee all employees, user_id ascending by bytes', async () => {
      for (const name of ['甲', '乙', '丙']) await buildTag(app.dataSource, { ...tenant, name });
      for (const userid of ['b', 'A', 'a', '10', '9']) await addEmployee({ userid, name: `成员 ${userid}` });
      const { tag, employee } = await list();
      expect(tag.map(({ name }: any) => name)).toEqual(['丙', '乙', '甲']);
      expect(employee).toEqual(['10', '9', 'A', 'a', 'b'].map((id) => ({ user_id: id, name: `成员 ${id}` })));
    });

    test('both are complete when the filter or the page leaves no rows', async () => {
      const [tag, colleague] = [await buildTag(app.dataSource, tenant), await addEmployee({ userid: 'LiLei' })];
      await buildFollow(app.dataSource, tenant);
      const byPage = (await app.send(LIST, { token, json: { page: 9 } })).body.data;
      for (const answer of [await list({ customer: 'nobody', tags_data: 'etNo', employee_member: 'No' }), byPage]) {
        expect(answer.data).toEqual([]);
        expect(answer.tag).toMatchObject([{ id: tag.id }]);
        expect(answer.employee).toEqual([{ user_id: 'LiLei', name: colleague.name }]);
      }
    });
  });
});
