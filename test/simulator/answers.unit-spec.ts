import { Caller, useSimulator } from './client';

const simulator = useSimulator();

/** The facts' example: a customer with a corp tag, a personal one and a strategy one. */
async function example(): Promise<Caller> {
  const corp = simulator.it.world.addCorp();
  corp.addTagGroup('客户等级', [], { group_id: 'etSIMG1', create_time: 1750000000, order: 1 });
  corp.addTag('etSIMG1', 'A', { id: 'etSIM01', create_time: 1750000000, order: 2 });
  corp.strategyTags.set('stSIM01', { group_name: '华东组', tag_name: '重点' });
  corp.addEmployee('zhangsan', { name: '张三', department: [1, 2], position: '客户经理', alias: 'zs' });
  corp.addEmployee('lisi');
  corp.addEmployee('nobody');
  corp.addContact({ external_userid: 'wmSIM0001', name: '小林😀', gender: 2, unionid: 'oSIMunion0001' });
  corp.follow('zhangsan', 'wmSIM0001', {
    ...{ remark: '林总', description: '展会认识', createtime: 1760000000, tag_id: ['etSIM01', 'stSIM01'] },
    ...{ personal_tags: ['朋友'], remark_corp_name: '某某科技', remark_mobiles: ['13800000000'], add_way: 10 },
    wechat_channels: { nickname: '品牌号', source: 1 },
  });
  corp.follow('lisi', 'wmSIM0001', {
    createtime: 1760000100,
    state: 'channel_a',
    oper_userid: 'wmSIM0001',
    add_way: 16,
  });
  return new Caller(simulator.it).signIn();
}

describe('answers in the shapes of the facts', () => {
  it('get_follow_user_list, list, user/get', async () => {
    const caller = await example();
    const followers = await caller.get('externalcontact/get_follow_user_list');
    expect(followers).toEqual({ errcode: 0, errmsg: 'ok', follow_user: ['zhangsan', 'lisi', 'nobody'] });
    const ids = await caller.get('externalcontact/list', { userid: 'ZhangSan' });
    expect(ids).toEqual({ errcode: 0, errmsg: 'ok', external_userid: ['wmSIM0001'] });
    const user = await caller.get('user/get', { userid: 'zhangsan' });
    expect(user).toMatchObject({
      errcode: 0,
      userid: 'zhangsan',
      name: '张三',
      department: [1, 2],
      status: 1,
      alias: 'zs',
    });
    expect(Object.keys(user)).not.toEqual(expect.arrayContaining(['mobile', 'avatar', 'gender', 'email']));
  });

  it('get: every follower, personal tags without an id', async () => {
    const caller = await example();
    expect(await caller.get('externalcontact/get', { external_userid: 'wmSIM0001' })).toEqual({
      ...{ errcode: 0, errmsg: 'ok' },
      external_contact: {
        ...{ external_userid: 'wmSIM0001', name: '小林😀', type: 1, avatar: '', gender: 2, unionid: 'oSIMunion0001' },
      },
      follow_user: [
        {
          ...{ userid: 'zhangsan', remark: '林总', description: '展会认识', createtime: 1760000000 },
          tags: [
            { group_name: '客户等级', tag_name: 'A', tag_id: 'etSIM01', type: 1 },
            { group_name: '华东组', tag_name: '重点', tag_id: 'stSIM01', type: 3 },
            { group_name: '个人', tag_name: '朋友', type: 2 },
          ],
          ...{ remark_corp_name: '某某科技', remark_mobiles: ['13800000000'], oper_userid: 'zhangsan', add_way: 10 },
          wechat_channels: { nickname: '品牌号', source: 1 },
        },
        {
          ...{ userid: 'lisi', remark: '', description: '', createtime: 1760000100, tags: [], remark_mobiles: [] },
          ...{ oper_userid: 'wmSIM0001', add_way: 16, state: 'channel_a' },
        },
      ],
    });
  });

  it('batch: a row a pair, ids of corp and strategy tags alone', async () => {
    const caller = await example();
    const [page] = await caller.pages(['zhangsan']);
    expect(page).toMatchObject({ errcode: 0, next_cursor: '' });
    expect(page.external_contact_list).toHaveLength(1);
    const [{ external_contact, follow_info }] = page.external_contact_list;
    expect(external_contact.name).toBe('小林😀');
    expect(follow_info).toEqual({
      ...{ userid: 'zhangsan', remark: '林总', description: '展会认识', createtime: 1760000000 },
      ...{ tag_id: ['etSIM01', 'stSIM01'], remark_corp_name: '某某科技', remark_mobiles: ['13800000000'] },
      ...{ oper_userid: 'zhangsan', add_way: 10, wechat_channels: { nickname: '品牌号', source: 1 } },
    });
  });

  it('tags: strategy ones are in no list, deleted ones say so when asked for by id', async () => {
    const caller = await example();
    const tag = { id: 'etSIM01', name: 'A', create_time: 1750000000, order: 2 };
    const group = { group_id: 'etSIMG1', group_name: '客户等级', create_time: 1750000000, order: 1 };
    const all = await caller.post('externalcontact/get_corp_tag_list', { tag_id: [], group_id: [] });
    expect(all).toEqual({ errcode: 0, errmsg: 'ok', tag_group: [{ ...group, tag: [tag] }] });
    simulator.it.world.corp().deleteTag('etSIM01');
    expect((await caller.post('externalcontact/get_corp_tag_list', {})).tag_group).toEqual([]);
    const one = await caller.post('externalcontact/get_corp_tag_list', { tag_id: ['etSIM01'] });
    expect(one.tag_group).toEqual([{ ...group, deleted: true, tag: [{ ...tag, deleted: true }] }]);
    const [page] = await caller.pages(['zhangsan']);
    expect(page.external_contact_list[0].follow_info.tag_id).toEqual(['stSIM01']);
  });
});

describe('refusals', () => {
  it('have the empty containers, the hint and the headers', async () => {
    const caller = await example();
    const response = await caller.response('externalcontact/batch/get_by_user', { userid_list: ['nobody'] });
    expect(response.status).toBe(200);
    expect(response.headers.get('error-code')).toBe('84061');
    expect(response.headers.get('content-type')).toBe('application/json; charset=UTF-8');
    const { errcode, errmsg, ...rest } = (await response.json()) as any;
    expect(errcode).toBe(84061);
    expect(errmsg).toMatch(/^not external contact, hint: \[\d+\], from ip: 127\.0\.0\.1, more info at .*\?e=84061$/);
    expect(rest).toEqual({ external_contact_list: [] });
    expect(response.headers.get('error-msg')).toBe(errmsg);
  });

  it.each([
    ['externalcontact/list', {}, 41009],
    ['externalcontact/list', { userid: '张三' }, 40003],
    ['externalcontact/list', { userid: 'gone' }, 60111],
    ['externalcontact/list', { userid: 'nobody' }, 84061],
    ['externalcontact/get', {}, 41035],
    ['externalcontact/get', { external_userid: 'wmsim0001' }, 40096], // case counts
    ['externalcontact/get', { external_userid: 'wmSIM0001', cursor: 'x' }, 50100],
    ['externalcontact/batch/get_by_user', {}, 40063], // also a POST that came as GET
    ['user/get', { userid: 'gone' }, 60111],
  ])('%s %j: %i', async (path, params, errcode) => {
    const caller = await example();
    expect(await caller.get(path, params as Record<string, string>)).toMatchObject({
      errcode: path.includes('batch') ? 40058 : errcode,
    });
  });

  it.each([
    [{ userid_list: [] }, 40063],
    [{ userid_list: 'zhangsan' }, 40058],
    [{ userid_list: Array.from({ length: 101 }, () => 'zhangsan') }, 40032],
    [{ userid_list: ['zhangsan', 'gone'] }, 60111],
    [{ userid_list: ['zhangsan'], limit: 'ten' }, 40058],
    [{ userid_list: ['zhangsan'], cursor: 'bm90IG91cnM' }, 50100],
  ])('batch %j: %i', async (body, errcode) => {
    const caller = await example();
    const answer = await caller.post('externalcontact/batch/get_by_user', body);
    expect(answer).toMatchObject({ errcode, external_contact_list: [] });
  });

  it('unknown paths are 404 without a body; broken JSON is warned of', async () => {
    const caller = await example();
    const unknown = await fetch(`${simulator.it.url}/cgi-bin/nothing?access_token=${caller.token}`);
    expect([unknown.status, await unknown.text()]).toEqual([404, '']);
    const url = `${simulator.it.url}/cgi-bin/externalcontact/get_corp_tag_list?access_token=${caller.token}`;
    const broken = (await (await fetch(url, { method: 'POST', body: '{"tag_id":' })).json()) as any;
    expect(broken.errmsg).toContain('Warning: wrong json format.');
  });
});

describe('the relation', () => {
  it('half: in no list, get knows nothing', async () => {
    const caller = await example();
    const corp = simulator.it.world.corp();
    corp.addContact({ external_userid: 'wmSIM0002' });
    corp.halfFollow('nobody', 'wmSIM0002');
    expect(await caller.get('externalcontact/list', { userid: 'nobody' })).toMatchObject({
      errcode: 84061,
      external_userid: [],
    });
    const answer = await caller.get('externalcontact/get', { external_userid: 'wmSIM0002' });
    expect(answer).toMatchObject({ errcode: 84061, external_contact: {}, follow_user: [] });
    corp.follow('nobody', 'wmSIM0002');
    expect(await caller.get('externalcontact/get', { external_userid: 'wmSIM0002' })).toMatchObject({ errcode: 0 });
  });

  it('left by the customer: still listed and shown', async () => {
    const caller = await example();
    simulator.it.world.corp().unfollowByCustomer('zhangsan', 'wmSIM0001');
    expect(await caller.get('externalcontact/list', { userid: 'zhangsan' })).toMatchObject({
      external_userid: ['wmSIM0001'],
    });
    expect((await caller.get('externalcontact/get', { external_userid: 'wmSIM0001' })).follow_user).toHaveLength(2);
  });

  it('left by the member: gone from lists at once, from get after the lag', async () => {
    const caller = await example();
    const relation = simulator.it.world.corp().unfollowByMember('zhangsan', 'wmSIM0001', 3_600_000);
    expect(await caller.get('externalcontact/list', { userid: 'zhangsan' })).toMatchObject({ errcode: 84061 });
    const shown = async () =>
      (await caller.get('externalcontact/get', { external_userid: 'wmSIM0001' })).follow_user.map(
        ({ userid }: any) => userid,
      );
    expect(await shown()).toEqual(['zhangsan', 'lisi']);
    relation.shownUntil = 0;
    expect(await shown()).toEqual(['lisi']);
  });
});

describe('employees', () => {
  it('renamed: follows go on under the new name', async () => {
    const caller = await example();
    simulator.it.world.corp().renameEmployee('lisi', 'lisi001');
    expect((await caller.get('externalcontact/get_follow_user_list')).follow_user).toContain('lisi001');
    expect(await caller.get('user/get', { userid: 'lisi' })).toMatchObject({ errcode: 60111 });
    const [page] = await caller.pages(['lisi001']);
    expect(page.external_contact_list[0].follow_info.userid).toBe('lisi001');
  });

  it('removed, without the right to customers, out of the visible range', async () => {
    const caller = await example();
    const corp = simulator.it.world.corp();
    corp.removeEmployee('lisi');
    expect(await caller.get('user/get', { userid: 'lisi' })).toMatchObject({ errcode: 60111 });
    corp.setFollower('zhangsan', false);
    expect((await caller.get('externalcontact/get_follow_user_list')).follow_user).toEqual(['nobody']);
    expect(await caller.get('user/get', { userid: 'zhangsan' })).toMatchObject({ errcode: 0 });
    expect(await caller.get('externalcontact/list', { userid: 'zhangsan' })).toMatchObject({ errcode: 84074 });
    corp.setFollower('zhangsan', true);
    corp.apps[0]!.visibleRange = ['nobody'];
    expect((await caller.get('externalcontact/get_follow_user_list')).follow_user).toEqual(['nobody']);
    expect(await caller.get('user/get', { userid: 'zhangsan' })).toMatchObject({ errcode: 60111 });
    expect(await caller.get('externalcontact/get', { external_userid: 'wmSIM0001' })).toMatchObject({ errcode: 40096 });
  });
});

describe('several corps', () => {
  it('hold equal ids and different people', async () => {
    const first = await simulator.seeded({ corpId: 'wwone' });
    const second = await simulator.seeded({ corpId: 'wwtwo' });
    const { follow_user } = await first.get('externalcontact/get_follow_user_list');
    expect((await second.get('externalcontact/get_follow_user_list')).follow_user).toEqual(follow_user);
    simulator.it.world.corp('wwone').employee(follow_user[0]).name = '改名';
    const names = [first, second].map(
      async (caller) => (await caller.get('user/get', { userid: follow_user[0] })).name,
    );
    const [one, two] = await Promise.all(names);
    expect(one).toBe('改名');
    expect(two).not.toBe('改名');
  });
});
