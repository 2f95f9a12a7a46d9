import { fitted } from '../../../src/wechat-customers/write/fit';
import { Contact } from '../../../src/wechat-customers/entities/contact.entity';
import { Follow } from '../../../src/wechat-customers/entities/follow.entity';
import { expectExactlyDerived } from '../../derived-rows';
import { Hub } from '../hub';
import { wechatRows } from '../rows';

describe('a first run and the next', () => {
  let hub: Hub;

  beforeAll(async () => {
    hub = await Hub.start({}, (corp) => corp.fill(7, { employees: 7, contacts: 400, follows: 700, tags: 23 }));
    hub.corp.pageSizes = [100, 37, 0, 1];
  });

  afterAll(() => hub?.stop());

  test('every field is the simulator’s', async () => {
    const run = await hub.sync();
    const listed = [...hub.corp.allListed()];
    expect(run).toEqual({
      id: expect.any(Number),
      state: 'ok',
      started_at: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
      ended_at: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
      resumed: 0,
      employees: { total: 7, done: 7, failed: 0, missing: 0 },
      follows: { seen: 700, new: 700, changed: 0, lost: 0, returned: 0, would_lose: 0 },
      waiting_until: null,
      error: '',
      problems: [],
    });
    expect(Object.keys(run)).toEqual(
      'id state started_at ended_at resumed employees follows waiting_until error problems'.split(' '),
    );
    expect(listed).toHaveLength(700);
    const [contacts, follows] = [Contact, Follow].map((entity) => hub.dataSource.getMetadata(entity));
    for (const { userid, contact, follow } of listed) {
      expect(await hub.follow(userid, contact.external_userid)).toMatchObject({
        uid: 0,
        status: 1,
        lost_at: null,
        deleted_at: null,
        ...columnsOf(follows, {
          remark: follow.remark ?? '',
          description: follow.description ?? '',
          createtime: follow.createtime,
          customerCreateTime: follow.createtime,
          remarkCorpName: follow.remark_corp_name ?? '',
          remarkMobiles: JSON.stringify(follow.remark_mobiles ?? []),
          operUserid: follow.oper_userid ?? '',
          tagId: follow.tag_id.join(','),
          addWay: String(follow.add_way ?? 0),
          state: follow.state ?? '',
        }),
      });
      const row = await hub.app.row(Contact, { ...hub.tenant, externalUserid: contact.external_userid });
      expect(row).toMatchObject(
        fitted(contacts!, {
          memberUid: 0,
          isMember: 0,
          name: contact.name,
          avatar: contact.avatar ?? '',
          externalType: contact.type,
          gender: contact.gender ?? 0,
          unionid: contact.unionid ?? '',
          position: contact.position ?? '',
          corpName: contact.corp_name ?? '',
          corpFullName: contact.corp_full_name ?? '',
          externalProfile: JSON.stringify(contact.external_profile ?? null),
        }),
      );
    }
    await expectExactlyDerived(hub.dataSource, hub.tenant);

    function columnsOf(metadata: typeof contacts, properties: Partial<Follow>): object {
      const fit = fitted(metadata!, properties);
      return Object.fromEntries(
        Object.entries(fit).map(([name, value]) => [metadata!.findColumnWithPropertyName(name)!.databaseName, value]),
      );
    }
  });

  test('tags and employees are the simulator’s', async () => {
    const tags = hub.corp.tagGroups.flatMap((group) => group.tag.map((tag) => [tag.id, tag.name, group.group_name]));
    const stored = await hub.dataSource.query<any[]>(
      'SELECT tag_id, name, group_name, `order`, create_time FROM wechat_tag WHERE uniacid = ? AND crop_id = ?',
      [hub.tenant.uniacid, hub.tenant.enterpriseId],
    );
    expect(stored.map(({ tag_id, name, group_name }) => [tag_id, name, group_name]).sort()).toEqual(tags.sort());
    const employees = await hub.dataSource.query<any[]>(
      'SELECT user_id, name, main_department FROM wechat_employee WHERE uniacid = ? AND business_id = ?',
      [hub.tenant.uniacid, hub.tenant.enterpriseId],
    );
    expect(employees.map(({ user_id, name }) => [user_id, name]).sort()).toEqual(
      hub.corp.employees.map(({ userid, name }) => [userid, name]).sort(),
    );
  });

  test('a second run changes no byte', async () => {
    const before = await wechatRows(hub.dataSource);
    const { state, follows } = await hub.sync();
    expect([state, follows]).toEqual(['ok', { seen: 700, new: 0, changed: 0, lost: 0, returned: 0, would_lose: 0 }]);
    expect(await wechatRows(hub.dataSource)).toEqual(before);
  });

  test('the same corp in another tenant leaves the first as it is', async () => {
    const before = await wechatRows(hub.dataSource, hub.tenant);
    const other = await hub.another();
    await other.sync();
    expect(await wechatRows(hub.dataSource, hub.tenant)).toEqual(before);
    expect((await other.ask('getList')).data.total).toBe((await hub.ask('getList')).data.total);
    hub.corp.contact(hub.corp.allListed().next().value!.contact.external_userid).name = '改名';
    expect((await other.sync()).follows.changed).toBeGreaterThanOrEqual(0);
    expect(await wechatRows(hub.dataSource, hub.tenant)).toEqual(before);
  });
});
