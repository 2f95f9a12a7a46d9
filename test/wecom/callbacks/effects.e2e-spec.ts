import { Employee } from '../../../src/wechat-customers/entities/employee.entity';
import { Follow } from '../../../src/wechat-customers/entities/follow.entity';
import { FollowHistory } from '../../../src/wechat-customers/entities/follow-history.entity';
import { Tag } from '../../../src/wechat-customers/entities/tag.entity';
import { WecomEvent } from '../../../src/wecom/callbacks/wecom-event.entity';
import type { EventFields, SendOptions } from '../../../simulator/sender';
import { TestApp } from '../../app';
import { buildEmployee, buildEnterprise, buildRight, buildUser } from '../../factories';
import { until } from '../../until';
import { Connected } from './connected';

/** The CreateTimes of a test's events count from here. */
const T = 1_790_000_000;

describe('what events do', () => {
  let connected: Connected;
  let app: TestApp;
  let token: string;
  let lastContact = 0;

  beforeAll(async () => {
    const fill = async (dataSource: TestApp['dataSource']) => {
      await buildEnterprise(dataSource, { id: 1 });
      const user = await buildUser(dataSource, { username: 'manager' });
      await buildRight(dataSource, { userId: user.userId, identity: 2 });
    };
    connected = await Connected.start({ demo: false, fill });
    ({ app } = connected);
    for (const userid of ['zhangsan', 'lisi', 'wangwu']) connected.corp.addEmployee(userid);
    token = await app.manage(1, 2, 'manager', 'password');
  });

  afterEach(() => {
    connected.wecom.faults.clear();
    connected.wecom.resetCounts();
  });

  afterAll(() => connected.stop());

  /** A contact of the corp, unlike those of other tests. */
  const newContact = (fields: object = {}) =>
    connected.corp.addContact({ external_userid: `wmEVENT${++lastContact}`, name: `客户${lastContact}😀`, ...fields })
      .external_userid;

  const contactEvent = (ChangeType: string, ExternalUserID: string, CreateTime: number, more: object = {}) => ({
    Event: 'change_external_contact',
    ChangeType,
    UserID: 'zhangsan',
    ExternalUserID,
    CreateTime,
    ...more,
  });

  async function send(event: EventFields, options?: SendOptions): Promise<void> {
    const deliveries = await connected.wecom.send(event, connected.receiver(), options);
    for (const delivery of deliveries) expect(delivery).toMatchObject({ status: 200, body: 'success' });
  }

  /** Waits until nothing is pending. */
  async function worked(): Promise<WecomEvent[]> {
    await until(async () => (await connected.events()).every(({ state }) => state !== 'pending'));
    return connected.events();
  }

  async function sendAndWait(...events: EventFields[]): Promise<void> {
    for (const event of events) await send(event);
    await worked();
  }

  const follow = (externalUserid: string, userid = 'zhangsan') =>
    app.row(Follow, { uniacid: 2, enterpriseId: 1, externalUserid, userid });

  const history = async (externalUserid: string) => {
    const { id } = (await follow(externalUserid))!;
    const rows = await app.dataSource
      .getRepository(FollowHistory)
      .find({ where: { followId: id }, order: { id: 'ASC' } });
    return rows.map(({ event, by }) => `${event} ${by}`);
  };

  const calls = (path: string) => connected.wecom.counts().calls[path] ?? 0;

  const GET = 'externalcontact/get';

  /** The page as a client sees it. */
  async function listed(search: object) {
    const { body } = await app.send('/business/2/plugin/WechatCustomers/getList', { token, json: { search } });
    return body.data.data as any[];
  }

  describe('add_external_contact', () => {
    test('stores contact and follow as get says, seen in getList', async () => {
      const contact = newContact({ type: 2, corp_name: '某某', external_profile: { external_attr: [] } });
      const group = connected.corp.addTagGroup('等级', ['A', 'B']);
      connected.corp.follow('zhangsan', contact, {
        remark: '林总',
        createtime: T,
        tag_id: group.tag.map(({ id }) => id),
        personal_tags: ['朋友'],
        add_way: 99,
        state: 'channel_a',
      });
      await send(contactEvent('add_external_contact', contact, T, { State: 'x', WelcomeCode: 'CODE' }));
      await until(async () => (await listed({ customer: contact })).length === 1);
      const [row] = await listed({ customer: contact });
      expect(row).toMatchObject({
        remark: '林总',
        createtime: T,
        customer_create_time: T,
        add_way: '99',
        state: 'channel_a',
        status: 1,
        tag_id: group.tag.map(({ id }) => id).join(','),
      });
      expect(row.has_one_customer).toMatchObject({ external_userid: contact, external_type: 2, corp_name: '某某' });
      expect(await listed({ tags_data: group.tag[0]!.id })).toHaveLength(1);
      expect(calls(GET)).toBe(1);
    });

    test('stores the follow that it names and no other', async () => {
      const contact = newContact();
      connected.corp.follow('zhangsan', contact);
      connected.corp.follow('lisi', contact);
      await sendAndWait(contactEvent('add_external_contact', contact, T));
      expect(await follow(contact)).toMatchObject({ status: 1 });
      expect(await follow(contact, 'lisi')).toBeNull();
    });

    test('brings back a follow that the customer had ended', async () => {
      const contact = newContact();
      connected.corp.follow('zhangsan', contact, { createtime: T });
      await sendAndWait(contactEvent('add_external_contact', contact, T));
      await sendAndWait(contactEvent('del_follow_user', contact, T + 1));
      expect(await follow(contact)).toMatchObject({ status: -1 });
      await sendAndWait(contactEvent('add_external_contact', contact, T + 2));
      expect(await follow(contact)).toMatchObject({ status: 1, lostAt: null });
      expect(await history(contact)).toEqual(['lost customer', 'returned event']);
    });

    test('a follower whom get does not list is not stored', async () => {
      const contact = newContact();
      connected.corp.follow('lisi', contact);
      await sendAndWait(contactEvent('add_external_contact', contact, T));
      expect(await follow(contact)).toBeNull();
    });

    test('a contact with more followers than a page is read on', async () => {
      const contact = newContact();
      connected.corp.followersPerPage = 2;
      for (const userid of ['lisi', 'wangwu', 'zhangsan']) connected.corp.follow(userid, contact);
      await sendAndWait(contactEvent('add_external_contact', contact, T));
      connected.corp.followersPerPage = 500;
      expect(await follow(contact)).toMatchObject({ status: 1 });
      expect(calls(GET)).toBe(2);
    });
  });

  describe('add_half_external_contact', () => {
    test('stores nothing while get says 84061, and the follow once there is one', async () => {
      const contact = newContact();
      connected.corp.halfFollow('zhangsan', contact);
      await sendAndWait(contactEvent('add_half_external_contact', contact, T));
      expect(await follow(contact)).toBeNull();
      expect((await connected.events()).at(-1)).toMatchObject({ state: 'applied' });
      connected.corp.follow('zhangsan', contact);
      await sendAndWait(contactEvent('add_external_contact', contact, T + 1));
      expect(await follow(contact)).toMatchObject({ status: 1 });
    });
  });

  describe('edit_external_contact', () => {
    test('stores what has changed, under the same id', async () => {
      const contact = newContact();
      connected.corp.follow('zhangsan', contact, { remark: 'before' });
      await sendAndWait(contactEvent('add_external_contact', contact, T));
      const before = (await follow(contact))!;
      connected.corp.relation('zhangsan', contact).follow.remark = 'after';
      connected.corp.contact(contact).name = '新名';
      await sendAndWait(contactEvent('edit_external_contact', contact, T + 1));
      expect(await follow(contact)).toMatchObject({ id: before.id, remark: 'after', eventTime: T + 1 });
      expect((await listed({ customer: '新名' })).map(({ id }) => id)).toEqual([before.id]);
    });

    test('brings nothing back that the customer has ended', async () => {
      const contact = newContact();
      connected.corp.follow('zhangsan', contact, { createtime: T - 100 });
      await sendAndWait(contactEvent('add_external_contact', contact, T));
      await sendAndWait(contactEvent('del_follow_user', contact, T + 1));
      connected.corp.relation('zhangsan', contact).follow.remark = '再联系';
      await sendAndWait(contactEvent('edit_external_contact', contact, T + 2));
      expect(await follow(contact)).toMatchObject({ status: -1, remark: '再联系' });
    });

    test('while get lags, brings nothing back that the employee has ended', async () => {
      const contact = newContact();
      connected.corp.follow('zhangsan', contact, { createtime: T - 100 });
      await sendAndWait(contactEvent('add_external_contact', contact, T));
      await sendAndWait(contactEvent('del_external_contact', contact, T + 1));
      await sendAndWait(contactEvent('edit_external_contact', contact, T + 1));
      await sendAndWait(contactEvent('edit_external_contact', contact, T + 2));
      expect(await follow(contact)).toMatchObject({ status: -1, lostBy: 'member', eventTime: T + 2 });
      connected.corp.follow('zhangsan', contact, { createtime: T + 3 });
      await sendAndWait(contactEvent('add_external_contact', contact, T + 3));
      expect(await history(contact)).toEqual(['lost member', 'returned event']);
    });

    test('twice with the same text, the second is asked for again', async () => {
      const contact = newContact();
      connected.corp.follow('zhangsan', contact, { remark: 'first' });
      const event = contactEvent('edit_external_contact', contact, T);
      await sendAndWait(event);
      connected.corp.relation('zhangsan', contact).follow.remark = 'second';
      await send(event);
      await until(async () => (await follow(contact))!.remark === 'second');
      expect(await worked()).toContainEqual(
        expect.objectContaining({ externalUserid: contact, duplicates: 1, state: 'applied' }),
      );
      expect(calls(GET)).toBe(2);
    });

    test('a change while WeCom is being asked is asked for again', async () => {
      const contact = newContact();
      connected.corp.follow('zhangsan', contact, { remark: 'first' });
      const event = contactEvent('edit_external_contact', contact, T);
      connected.wecom.faults.add({ path: GET, kind: { slowMs: 500 } });
      await send(event);
      await until(() => calls(GET) === 1);
      connected.corp.relation('zhangsan', contact).follow.remark = 'second';
      await send(event);
      await until(async () => (await follow(contact))?.remark === 'second');
      expect(calls(GET)).toBe(2);
    });
  });

  describe('del_external_contact and del_follow_user', () => {
    test.each([
      ['del_external_contact', {}, 'member'],
      ['del_external_contact', { Source: 'DELETE_BY_TRANSFER' }, 'transfer'],
      ['del_follow_user', {}, 'customer'],
    ])('%s %j ends the follow without asking: lost by %s', async (change, more, by) => {
      const contact = newContact();
      connected.corp.follow('zhangsan', contact, { createtime: T });
      await sendAndWait(contactEvent('add_external_contact', contact, T));
      connected.wecom.resetCounts();
      await sendAndWait(contactEvent(change, contact, T + 60, more));
      expect(await follow(contact)).toMatchObject({ status: -1, lostBy: by, lostAt: '2026-09-21 22:14:20' });
      expect(await history(contact)).toEqual([`lost ${by}`]);
      expect(calls(GET)).toBe(0);
      expect(await listed({ customer: contact, status: -1 })).toHaveLength(1);
    });

    test('a late one changes nothing of a follow that was added since', async () => {
      const contact = newContact();
      connected.corp.follow('zhangsan', contact, { createtime: T });
      await sendAndWait(contactEvent('add_external_contact', contact, T));
      await app.dataSource.getRepository(Follow).update({ externalUserid: contact }, { eventTime: 0 }); // as a sync stores it
      const before = await follow(contact);
      for (const change of ['del_external_contact', 'del_follow_user']) {
        await sendAndWait(contactEvent(change, contact, T - 60));
      }
      expect(await follow(contact)).toEqual(before);
    });

    test('a follow that is not stored is nothing to end', async () => {
      await sendAndWait(contactEvent('del_follow_user', newContact(), T));
      expect((await connected.events()).at(-1)).toMatchObject({ state: 'applied' });
    });
  });

  describe('in any order', () => {
    /** All orders of three. */
    const ORDERS = [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ];

    test.each(ORDERS)('add, del_follow_user, edit as %i %i %i, one after the other: lost', async (...order) => {
      const contact = newContact();
      connected.corp.follow('zhangsan', contact, { createtime: T });
      connected.corp.unfollowByCustomer('zhangsan', contact);
      const events = [
        contactEvent('add_external_contact', contact, T),
        contactEvent('del_follow_user', contact, T + 1),
        contactEvent('edit_external_contact', contact, T + 1),
      ];
      for (const index of order) await sendAndWait(events[index]!);
      expect(await follow(contact)).toMatchObject({ status: -1, lostBy: 'customer' });
    });

    test.each(ORDERS)('add, del_external_contact, add again as %i %i %i: live', async (...order) => {
      const contact = newContact();
      connected.corp.follow('zhangsan', contact, { createtime: T });
      const events = [
        contactEvent('add_external_contact', contact, T),
        contactEvent('del_external_contact', contact, T + 1),
        contactEvent('add_external_contact', contact, T + 2),
      ];
      for (const index of order) await sendAndWait(events[index]!);
      expect(await follow(contact)).toMatchObject({ status: 1, eventTime: T + 2 });
    });

    test('all at once, ten times, shuffled: as in their order, with few questions', async () => {
      const contact = newContact();
      connected.corp.follow('zhangsan', contact, { createtime: T });
      connected.corp.follow('lisi', contact, { createtime: T });
      connected.corp.unfollowByCustomer('zhangsan', contact);
      const events = [
        contactEvent('add_external_contact', contact, T),
        contactEvent('edit_external_contact', contact, T + 1),
        contactEvent('del_follow_user', contact, T + 2),
        contactEvent('add_external_contact', contact, T + 1, { UserID: 'lisi' }),
        contactEvent('edit_external_contact', contact, T + 3, { UserID: 'lisi' }),
      ];
      const options = { times: 10, isReordered: true, isParallel: true, retries: 0 };
      const deliveries = await connected.wecom.sendAll(events, connected.receiver(), options);
      expect(deliveries.map(({ body }) => body)).toEqual(Array(50).fill('success'));
      await worked();
      expect(await follow(contact)).toMatchObject({ status: -1, lostBy: 'customer' });
      expect(await follow(contact, 'lisi')).toMatchObject({ status: 1, eventTime: T + 3 });
      expect((await connected.events()).filter((row) => row.externalUserid === contact)).toHaveLength(5);
    });

    test('an event older than the newest applied changes nothing', async () => {
      const contact = newContact();
      connected.corp.follow('zhangsan', contact);
      await sendAndWait(contactEvent('add_external_contact', contact, T + 10));
      const before = await follow(contact);
      connected.corp.relation('zhangsan', contact).follow.remark = 'changed';
      await sendAndWait(
        contactEvent('edit_external_contact', contact, T),
        contactEvent('del_external_contact', contact, T),
      );
      expect(await follow(contact)).toEqual(before);
    });

    test('events of one contact that wait share one question', async () => {
      const contact = newContact();
      for (const userid of ['zhangsan', 'lisi', 'wangwu']) connected.corp.follow(userid, contact);
      connected.wecom.faults.add({ path: GET, kind: { slowMs: 300 } });
      await send(contactEvent('edit_external_contact', contact, T));
      await until(() => calls(GET) === 1);
      for (const UserID of ['lisi', 'wangwu']) {
        for (let n = 0; n < 5; n++) await send(contactEvent('edit_external_contact', contact, T + n, { UserID }));
      }
      await worked();
      for (const userid of ['zhangsan', 'lisi', 'wangwu']) expect(await follow(contact, userid)).not.toBeNull();
      expect(calls(GET)).toBeLessThanOrEqual(3);
    });
  });

  describe('change_external_tag', () => {
    const tagEvent = (ChangeType: string, Id: string, CreateTime: number, TagType?: string) => ({
      Event: 'change_external_tag',
      ChangeType,
      Id,
      TagType,
      CreateTime,
    });
    const tag = (tagId: string) => app.row(Tag, { uniacid: 2, enterpriseId: 1, tagId });

    test('create, update, shuffle without an id and delete of a group reload the list', async () => {
      const group = connected.corp.addTagGroup('来源', ['展会', '官网']);
      const [first, second] = group.tag.map(({ id }) => id) as [string, string];
      await sendAndWait(tagEvent('create', first, T, 'tag'));
      expect(await tag(first)).toMatchObject({ name: '展会', groupName: '来源' });
      connected.corp.renameTag(first, '博览会');
      await sendAndWait(tagEvent('update', first, T + 1, 'tag'));
      expect(await tag(first)).toMatchObject({ name: '博览会' });
      group.tag[1]!.order = 77;
      await sendAndWait(tagEvent('shuffle', '', T + 2));
      expect(await tag(second)).toMatchObject({ order: 77 });
      connected.corp.deleteTag(group.group_id);
      await sendAndWait(tagEvent('delete', group.group_id, T + 3, 'tag_group'));
      expect([await tag(first), await tag(second)]).toEqual([null, null]);
    });

    test('many at once share a reload', async () => {
      const group = connected.corp.addTagGroup('地区', ['华东']);
      connected.wecom.resetCounts();
      const events = Array.from({ length: 20 }, (_, n) => tagEvent('create', group.tag[0]!.id, T + 100 + n, 'tag'));
      await connected.wecom.sendAll(events, connected.receiver(), { isParallel: true });
      await worked();
      expect(calls('externalcontact/get_corp_tag_list')).toBeLessThan(20);
      expect(await tag(group.tag[0]!.id)).not.toBeNull();
    });
  });

  describe('change_contact', () => {
    const userEvent = (ChangeType: string, UserID: string, CreateTime: number, more: object = {}) => ({
      Event: 'change_contact',
      ChangeType,
      UserID,
      CreateTime,
      ...more,
    });
    const employee = (userid: string) => app.row(Employee, { uniacid: 2, enterpriseId: 1, userid });

    async function employeeWithFollow(userid: string): Promise<string> {
      const contact = newContact();
      await buildEmployee(app.dataSource, { userid });
      connected.corp.addEmployee(userid);
      connected.corp.follow(userid, contact, { createtime: T });
      await sendAndWait(contactEvent('add_external_contact', contact, T, { UserID: userid }));
      return contact;
    }

    test("delete_user takes the employee's row, the follows stay", async () => {
      const contact = await employeeWithFollow('leaver');
      await sendAndWait(userEvent('delete_user', 'leaver', T));
      expect(await employee('leaver')).toBeNull();
      expect(await follow(contact, 'leaver')).toMatchObject({ status: 1 });
    });

    test('update_user with NewUserID renames employee and follows', async () => {
      const contact = await employeeWithFollow('old.name');
      const before = (await follow(contact, 'old.name'))!;
      await sendAndWait(userEvent('update_user', 'old.name', T, { NewUserID: 'new.name' }));
      expect([await employee('old.name'), await follow(contact, 'old.name')]).toEqual([null, null]);
      expect(await employee('new.name')).not.toBeNull();
      expect(await follow(contact, 'new.name')).toMatchObject({ id: before.id });
    });

    test('renames in the wrong order lead to the last name; events under an old one reach it', async () => {
      const contact = await employeeWithFollow('name.a');
      await sendAndWait(userEvent('update_user', 'name.b', T + 1, { NewUserID: 'name.c' }));
      await sendAndWait(userEvent('update_user', 'name.a', T, { NewUserID: 'name.b' }));
      expect(await follow(contact, 'name.c')).not.toBeNull();
      await sendAndWait(contactEvent('del_follow_user', contact, T, { UserID: 'name.a' }));
      expect(await follow(contact, 'name.c')).toMatchObject({ status: -1 });
    });

    test('create_user and update_user without a new name are counted', async () => {
      await sendAndWait(userEvent('create_user', 'x', T, { Department: '1' }), userEvent('update_user', 'x', T));
      expect((await connected.events()).slice(-2)).toMatchObject([{ state: 'ignored' }, { state: 'ignored' }]);
    });
  });

  describe('when WeCom fails', () => {
    test('what passes is tried again', async () => {
      const contact = newContact();
      connected.corp.follow('zhangsan', contact);
      connected.wecom.faults.add({ path: GET, kind: { errcode: -1 }, times: 3 });
      await send(contactEvent('add_external_contact', contact, T));
      await until(async () => (await connected.events()).at(-1)!.tries === 1);
      expect((await connected.events()).at(-1)).toMatchObject({
        state: 'pending',
        reason: '企业微信返回 -1：系统繁忙',
      });
      await worked();
      expect(await follow(contact)).toMatchObject({ status: 1 });
    });

    test.each([48002, 60020, 40096])('%i sets the event aside at once, with the reason', async (errcode) => {
      const contact = newContact();
      connected.corp.follow('zhangsan', contact);
      connected.wecom.faults.add({ path: GET, kind: { errcode } });
      await sendAndWait(contactEvent('add_external_contact', contact, T));
      expect((await connected.events()).at(-1)).toMatchObject({
        state: 'dead',
        reason: expect.stringContaining(`${errcode}`),
      });
      expect(await follow(contact)).toBeNull();
    });

    test('an event that was set aside is tried again when WeCom sends it again', async () => {
      const contact = newContact();
      connected.corp.follow('zhangsan', contact);
      connected.wecom.faults.add({ path: GET, kind: { errcode: 60020 } });
      const event = contactEvent('add_external_contact', contact, T);
      await sendAndWait(event);
      expect((await connected.events()).at(-1)).toMatchObject({ state: 'dead' });
      await sendAndWait(event);
      expect((await connected.events()).at(-1)).toMatchObject({ state: 'applied', duplicates: 1 });
      expect(await follow(contact)).toMatchObject({ status: 1 });
    });

    test('an event that fails for a day is set aside', async () => {
      const contact = newContact();
      connected.wecom.faults.add({ path: GET, kind: { status: 502 }, times: 'always' });
      await send(contactEvent('add_external_contact', contact, T));
      await until(async () => (await connected.events()).at(-1)!.tries === 1);
      const { id } = (await connected.events()).at(-1)!;
      await app.dataSource.getRepository(WecomEvent).update({ id }, { pendingSince: Date.now() - 86_400_000 - 1 });
      await worked();
      expect((await connected.events()).at(-1)).toMatchObject({ id, state: 'dead' });
    });

    test('ends wait for no question', async () => {
      const [slow, other] = [newContact(), newContact()];
      connected.corp.follow('zhangsan', other, { createtime: T });
      await sendAndWait(contactEvent('add_external_contact', other, T));
      const held = connected.wecom.faults.add({ path: GET, kind: { slowMs: 3000 }, times: 'always' });
      for (let n = 0; n < 10; n++) await send(contactEvent('edit_external_contact', n === 0 ? slow : newContact(), T));
      await send(contactEvent('del_follow_user', other, T + 1));
      await until(async () => (await follow(other))!.status === -1);
      expect((await connected.events()).filter(({ state }) => state === 'pending').length).toBeGreaterThan(0);
      held.remove();
      await worked();
    });

    test('many events that came for what is being asked leave room for others', async () => {
      const [other, tagList] = [newContact(), 'externalcontact/get_corp_tag_list'];
      connected.corp.follow('zhangsan', other, { createtime: T });
      await sendAndWait(contactEvent('add_external_contact', other, T));
      const held = connected.wecom.faults.add({ path: tagList, kind: 'held', times: 'always' });
      const tagEvent = (n: number) => ({
        Event: 'change_external_tag',
        ChangeType: 'create',
        Id: `et${n}`,
        CreateTime: T,
      });
      await send(tagEvent(0));
      await until(() => held.fired > 0);
      for (let n = 1; n <= 201; n++) await send(tagEvent(n)); // more than one look finds
      await send(contactEvent('del_follow_user', other, T + 1));
      await until(async () => (await follow(other))!.status === -1, 5_000);
      held.remove();
      await worked();
    });
  });
});
