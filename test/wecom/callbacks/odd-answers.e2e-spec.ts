import { Employee } from '../../../src/wechat-customers/entities/employee.entity';
import { Follow } from '../../../src/wechat-customers/entities/follow.entity';
import { callbackPath } from '../../../src/wecom/corps/corp';
import { WecomEvent } from '../../../src/wecom/callbacks/wecom-event.entity';
import { buildEmployee } from '../../factories';
import { until } from '../../until';
import { CALLBACKS, Hub } from '../hub';

/** The CreateTimes of a test's events count from here. */
const T = 1_790_000_000;

const GET = 'externalcontact/get';

describe('events, when names change and answers are odd', () => {
  let hub: Hub;
  let lastContact = 0;

  beforeAll(async () => {
    hub = await Hub.start({}, (corp) => {
      for (const userid of ['ann', 'bob']) corp.addEmployee(userid);
    });
  });

  afterEach(() => {
    hub.wecom.faults.clear();
    hub.wecom.resetCounts();
  });

  afterAll(() => hub?.stop());

  /** A contact unlike those of other tests, followed. */
  function newFollow(userid = 'ann', fields: object = {}): string {
    const { external_userid } = hub.corp.addContact({ external_userid: `wmODD${++lastContact}` });
    hub.corp.follow(userid, external_userid, { createtime: T - 100, ...fields });
    return external_userid;
  }

  const contactEvent = (ChangeType: string, ExternalUserID: string, CreateTime = T, UserID = 'ann') => ({
    Event: 'change_external_contact',
    ChangeType,
    UserID,
    ExternalUserID,
    CreateTime,
  });

  const renamed = (UserID: string, NewUserID: string, CreateTime: number) => ({
    Event: 'change_contact',
    ChangeType: 'update_user',
    UserID,
    NewUserID,
    CreateTime,
  });

  async function send(event: { Event: string; CreateTime: number }): Promise<void> {
    const url = hub.app.url + callbackPath(hub.tenant);
    const receiver = { url, ...CALLBACKS, corpId: hub.corp.corpId, agentId: hub.corp.apps[0]!.agentId };
    const [delivery] = await hub.wecom.send(event, receiver);
    expect(delivery).toMatchObject({ status: 200, body: 'success' });
  }

  const events = () => hub.dataSource.getRepository(WecomEvent).find({ order: { id: 'ASC' } });
  const worked = () => until(async () => (await events()).every(({ state }) => state !== 'pending'));

  async function sendAndWait(...given: Parameters<typeof send>[0][]): Promise<void> {
    for (const event of given) await send(event);
    await worked();
  }

  /** All rows of a contact. */
  async function follows(externalUserid: string): Promise<Partial<Follow>[]> {
    const where = { ...hub.tenant, externalUserid };
    const rows = await hub.dataSource.getRepository(Follow).find({ where, order: { userid: 'ASC' } });
    return rows.map(({ userid, status }) => ({ userid, status }));
  }

  const calls = () => hub.wecom.counts().calls[GET] ?? 0;

  /** Answers the next call of get with this, as WeCom would. */
  const answerOnce = (answer: object) =>
    hub.wecom.faults.add({ path: GET, kind: { status: 200, body: JSON.stringify({ errcode: 0, ...answer }) } });

  const pageOf = (external_userid: string, next_cursor: string) => ({
    external_contact: { external_userid },
    follow_user: [],
    next_cursor,
  });

  test.each([[['a', 'a']], [['a', 'b', 'a']]])(
    'cursors %j: the event is tried again, and not lost',
    async (cursors) => {
      const contact = newFollow();
      for (const cursor of cursors) answerOnce(pageOf(contact, cursor));
      await send(contactEvent('add_external_contact', contact));
      await until(async () => (await events()).at(-1)!.tries === 1);
      expect((await events()).at(-1)).toMatchObject({ state: 'pending', reason: '企业微信暂时无法访问：游标重复' });
      expect(calls()).toBe(cursors.length);
      await worked();
      expect(await follows(contact)).toEqual([{ userid: 'ann', status: 1 }]);
    },
  );

  test('an answer about another contact is asked for again, and not stored', async () => {
    const [contact, other] = [newFollow(), newFollow()];
    answerOnce({ external_contact: { external_userid: other }, follow_user: [{ userid: 'ann' }] });
    await sendAndWait(contactEvent('add_external_contact', contact));
    expect([await follows(contact), await follows(other)]).toEqual([[{ userid: 'ann', status: 1 }], []]);
    expect(calls()).toBe(2);
  });

  test('an answer without an errcode of its own is asked for again', async () => {
    const contact = newFollow();
    answerOnce({ errcode: null, external_contact: { external_userid: contact }, follow_user: [] });
    await sendAndWait(contactEvent('add_external_contact', contact));
    expect(await follows(contact)).toEqual([{ userid: 'ann', status: 1 }]);
  });

  test('tags of a type that is none leave those that are stored', async () => {
    const [tag] = hub.corp.addTagGroup('等级', ['A']).tag;
    const contact = newFollow('ann', { tag_id: [tag!.id], personal_tags: ['朋友'] });
    await sendAndWait(contactEvent('add_external_contact', contact));
    expect(await hub.follow('ann', contact)).toMatchObject({ tag_id: tag!.id });
    answerOnce({ external_contact: { external_userid: contact }, follow_user: [{ userid: 'ann', tags: null }] });
    await sendAndWait(contactEvent('edit_external_contact', contact, T + 1));
    expect(await hub.follow('ann', contact)).toMatchObject({ tag_id: tag!.id, event_time: T + 1 });
  });

  test('the tags of a contact: known ones ask for no list, an unknown one does, and is found by at once', async () => {
    const LIST = 'externalcontact/get_corp_tag_list';
    const group = hub.corp.addTagGroup('来源', ['展会', '官网']);
    const [first, second] = group.tag.map(({ id }) => id) as [string, string];
    const contact = newFollow('bob', { tag_id: [first] });
    await sendAndWait(contactEvent('add_external_contact', contact, T, 'bob'));
    expect(hub.wecom.counts().calls[LIST]).toBe(1);
    hub.corp.relation('bob', contact).follow.tag_id = [second, first];
    await sendAndWait(contactEvent('edit_external_contact', contact, T + 1, 'bob'));
    expect(hub.wecom.counts().calls[LIST]).toBe(1);
    const [third] = hub.corp.addTagGroup('地区', ['华东']).tag;
    hub.corp.relation('bob', contact).follow.tag_id = [third!.id, second];
    await sendAndWait(contactEvent('edit_external_contact', contact, T + 2, 'bob'));
    expect(hub.wecom.counts().calls[LIST]).toBe(2);
    expect(await hub.follow('bob', contact)).toMatchObject({ tag_id: `${third!.id},${second}` });
    const listed = async (tag: string) => {
      const { data } = await hub.ask('getList', { search: { customer: contact, tags_data: tag } });
      return data.data.length;
    };
    expect([await listed(first), await listed(second), await listed(third!.id)]).toEqual([0, 1, 1]);
  });

  describe('add_half_external_contact', () => {
    test.each(['del_external_contact', 'del_follow_user'])('brings nothing back that %s has ended', async (end) => {
      const contact = newFollow();
      await sendAndWait(contactEvent('add_external_contact', contact));
      await sendAndWait(contactEvent(end, contact, T + 1)); // get lags: it goes on listing the follow
      await sendAndWait(contactEvent('add_half_external_contact', contact, T + 2));
      expect(await follows(contact)).toEqual([{ userid: 'ann', status: -1 }]);
    });

    test('stores a follow that is new, once get shows one', async () => {
      const contact = newFollow();
      await sendAndWait(contactEvent('add_half_external_contact', contact));
      expect(await follows(contact)).toEqual([{ userid: 'ann', status: 1 }]);
    });
  });

  describe('userids in another case', () => {
    test('an event reaches the follow and the employee', async () => {
      await buildEmployee(hub.dataSource, { ...hub.tenant, userid: 'carl' });
      hub.corp.addEmployee('carl');
      const contact = newFollow('carl');
      await sendAndWait(contactEvent('add_external_contact', contact, T, 'CARL'));
      expect(await follows(contact)).toEqual([{ userid: 'carl', status: 1 }]);
      await sendAndWait(contactEvent('del_follow_user', contact, T + 1, 'Carl'));
      expect(await follows(contact)).toEqual([{ userid: 'carl', status: -1 }]);
      await sendAndWait(contactEvent('add_external_contact', contact, T + 2, 'cARL'));
      expect(await follows(contact)).toEqual([{ userid: 'carl', status: 1 }]);
      await sendAndWait({ Event: 'change_contact', ChangeType: 'delete_user', UserID: 'CARL', CreateTime: T } as never);
      expect(await hub.app.row(Employee, { ...hub.tenant, userid: 'carl' })).toBeNull();
    });

    test('get says the userid in another case: one follow, under the name that is stored', async () => {
      hub.corp.addEmployee('Dora');
      const [contact, second] = [newFollow('Dora'), newFollow('Dora')];
      await sendAndWait(contactEvent('add_external_contact', contact, T, 'Dora'));
      expect(await follows(contact)).toEqual([{ userid: 'Dora', status: 1 }]);
      hub.corp.employee('Dora').userid = 'dora';
      await sendAndWait(contactEvent('edit_external_contact', contact, T + 1, 'dora'));
      await sendAndWait(contactEvent('add_external_contact', second, T, 'DORA')); // no row of the employee but of a follow
      expect(await follows(contact)).toEqual([{ userid: 'Dora', status: 1 }]);
      expect(await follows(second)).toEqual([{ userid: 'Dora', status: 1 }]);
    });

    test('two employees whose names differ by case only are told apart', async () => {
      for (const userid of ['eve', 'EVE']) await buildEmployee(hub.dataSource, { ...hub.tenant, userid });
      hub.corp.addEmployee('eve');
      const contact = newFollow('eve');
      await sendAndWait(contactEvent('add_external_contact', contact, T, 'EVE'));
      expect(await follows(contact)).toEqual([{ userid: 'EVE', status: 1 }]);
    });

    test('a rename is followed, and one of case alone changes nothing', async () => {
      hub.corp.addEmployee('fred');
      const contact = newFollow('fred');
      await sendAndWait(contactEvent('add_external_contact', contact, T, 'fred'));
      await sendAndWait(renamed('fred', 'FRED', T + 1), renamed('FRED', 'frederic', T + 2));
      expect(await follows(contact)).toEqual([{ userid: 'frederic', status: 1 }]);
      await sendAndWait(contactEvent('del_follow_user', contact, T + 1, 'Fred'));
      expect(await follows(contact)).toEqual([{ userid: 'frederic', status: -1 }]);
    });
  });

  describe('a rename while get is under way', () => {
    test.each([true, false])('a follow stands under the new name alone, stored before: %s', async (isStored) => {
      const [from, to] = [`old${isStored}`, `new${isStored}`];
      hub.corp.addEmployee(from);
      const contact = newFollow(from);
      if (isStored) await sendAndWait(contactEvent('add_external_contact', contact, T, from));
      const held = hub.wecom.faults.add({ path: GET, kind: 'held' });
      hub.corp.relation(from, contact).follow.remark = '新备注';
      await send(contactEvent(isStored ? 'edit_external_contact' : 'add_external_contact', contact, T + 1, from));
      await until(() => held.fired === 1);
      await send(renamed(from, to, T + 2));
      await until(async () => (await events()).at(-1)!.state === 'applied');
      hub.corp.employee(from).userid = to;
      held.release();
      await worked();
      expect(await follows(contact)).toEqual([{ userid: to, status: 1 }]);
      expect(await hub.follow(to, contact)).toMatchObject({ remark: '新备注' });
    });
  });
});
