import type { DataSource } from 'typeorm';
import { User } from '../../src/auth/entities/user.entity';
import { Enterprise } from '../../src/enterprise/entities/enterprise.entity';
import { importTables } from '../../src/import/tables/import-tables';
import type { Report } from '../../src/import/run/import-rows';
import { Customer } from '../../src/user-customer/entities/customer.entity';
import { UserCustomer } from '../../src/user-customer/entities/user-customer.entity';
import { Follow } from '../../src/wechat-customers/entities/follow.entity';
import { TestApp } from '../app';
import { buildEnterprise } from '../factories';
import { mariadb } from '../mariadb/databases';
import { Files } from '../setup/files';
import { sqlite } from '../sqlite/databases';
import { OriginalTables } from './originals-tables';

const EXAMPLES = { mixiot: 'docs/examples/mixiot-tables.yaml', yunzhong: 'docs/examples/yunzhong-tables.yaml' };
const HASH = '$2y$04$gS/W/NhimWShPUfF/rqd9uuTuupnuwf5QjwxyHk9qAymZdxmuHIIm'; // of 'short'

describe.each([
  ['sqlite', sqlite],
  ['mariadb', mariadb],
] as const)('import tables into %s', (_name, engine) => {
  let original: OriginalTables;
  let app: TestApp;
  let files: Files;

  beforeEach(async () => {
    original = await OriginalTables.create();
    app = await TestApp.start({ demo: false, fill: undefined, database: await migrated() });
    files = new Files();
  });
  afterEach(async () => {
    files.remove();
    await app.stop();
    await original.end();
  });

  const migrated = async () => {
    const templates = process.env[`${_name.toUpperCase()}_TEMPLATES`];
    return templates ? engine.copy(JSON.parse(templates).migrated) : engine.create();
  };

  const importing = async (map: string, options: { apply?: boolean; dryRun?: boolean } = { apply: true }) => {
    const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
    const progress = jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
    try {
      await importTables(app.dataSource, map, original.url, { ...options, refused: files.path('refused.jsonl') });
      return JSON.parse(String(log.mock.calls.at(-1)![0])) as Report[];
    } finally {
      process.exitCode = undefined;
      log.mockRestore();
      progress.mockRestore();
    }
  };
  const counts = (reports: Report[]) =>
    reports.map(({ kind, new: added, changed, equal, refused }) => [kind, added, changed, equal, refused]);

  const fillMixiot = async () => {
    await original.add('user', {
      user_id: 998,
      username: '王小明',
      password: HASH,
      is_super: 1,
      is_available: 1,
      created: '2018-01-02 03:04:05',
    });
    await original.add('user', {
      user_id: 999,
      username: '陈Anna',
      password: HASH,
      is_super: 0,
      is_available: 0,
      mobile: '138',
      created: '0000-00-00 00:00:00',
    });
    await original.add('customer', {
      customer_id: 1001,
      name: '客户😀',
      secret: '5JHC',
      contact: 'Müller',
      mobile: 13_800_001_000,
      script: '{"a": 1}',
      created: '2018-11-28 10:40:31',
    });
    await original.add('customer', {
      customer_id: 9_007_199_254_740_991,
      name: 'b',
      secret: 'X',
      template: '',
      created: null,
    });
    await original.add('user_customer', {
      user_id: 998,
      customer_id: 1001,
      created: '2018-11-28 10:40:31.999',
      boss_sync: 1,
    });
    await original.add('user_customer', { user_id: 998, customer_id: 404, created: '2018-11-28 10:40:31' });
  };

  test('by the example for MixIOT: texts of every character set, times, hashes; again it changes nothing', async () => {
    await fillMixiot();
    const before = await rows(app.dataSource);
    expect(counts(await importing(EXAMPLES.mixiot, { dryRun: true }))).toEqual([
      ['accounts', 2, 0, 0, 0],
      ['customers', 2, 0, 0, 0],
      ['relations', 1, 0, 0, 1],
    ]);
    expect(await rows(app.dataSource)).toEqual(before);
    files.remove();
    files = new Files();

    const reports = await importing(EXAMPLES.mixiot);
    expect(counts(reports)).toEqual([
      ['accounts', 2, 0, 0, 0],
      ['customers', 2, 0, 0, 0],
      ['relations', 1, 0, 0, 1],
    ]);
    expect(await app.row(User, { userId: 998 })).toMatchObject({
      ...{
        username: '王小明',
        isSuper: 1,
        isAvailable: 1,
        mobile: '',
        created: '2018-01-02 03:04:05',
        passwordHash: HASH,
      },
    });
    expect(await app.row(User, { userId: 999 })).toMatchObject({
      username: '陈Anna',
      isSuper: 0,
      isAvailable: 0,
      mobile: '138',
    });
    expect(await app.row(Customer, { customerId: 1001 })).toMatchObject({
      ...{ name: '客户😀', contact: 'Müller', mobile: '13800001000', script: '{"a": 1}', template: null },
      created: '2018-11-28 10:40:31',
    });
    expect(await app.row(Customer, { customerId: 9_007_199_254_740_991 })).toMatchObject({ name: 'b', template: '' });
    expect(await app.dataSource.getRepository(UserCustomer).find()).toMatchObject([
      { userId: 998, customerId: 1001, created: '2018-11-28 10:40:31', isAvailable: 1, bossSync: 1 },
    ]);
    const login = await app.send('/api/login', { json: { username: '王小明', password: 'short' } });
    expect(login.body.mix_code).toBe(130002);

    files.remove();
    files = new Files();
    expect(counts(await importing(EXAMPLES.mixiot)).map(([, added, changed]) => [added, changed])).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
  });

  test('by the example for 芸众: follows with their contacts, ids and times kept', async () => {
    await buildEnterprise(app.dataSource, { id: 1, uniacid: 2 });
    const of = { uniacid: 2, crop_id: 1 };
    const times = { created_at: '2021-09-28 09:21:46', updated_at: null };
    await original.add('ims_yz_wechat_tags', {
      ...of,
      id: 27,
      tag_id: 'et1',
      name: '标签',
      create_time: 1,
      order: 3,
      ...times,
    });
    await original.add('ims_yz_wechat_tags', { ...of, crop_id: 9, id: 28, tag_id: 'et2', name: 'of another' });
    await original.add('ims_yz_business_staff', {
      uniacid: 2,
      business_id: 1,
      id: 12,
      user_id: 'Anna',
      name: '安娜',
      status: 1,
      uid: 0,
      ...times,
    });
    const follow = {
      ...of,
      uid: 0,
      userid: 'Anna',
      createtime: 1_631_950_639,
      add_way: '1',
      status: 1,
      tag_id: 'et1',
      remark_mobiles: '[]',
      ...times,
    };
    await original.add('ims_yz_wechat_customer_follow', { ...follow, id: 63, external_userid: 'wo1', remark: '李😀' });
    await original.add('ims_yz_wechat_customer_follow', {
      ...follow,
      id: 64,
      external_userid: 'gone',
      deleted_at: null,
    });
    await original.add('ims_yz_wechat_customer_follow', {
      ...follow,
      id: 65,
      external_userid: 'wo2',
      deleted_at: '2022-01-01 00:00:00',
    });
    await original.add('ims_yz_wechat_customer', {
      ...of,
      id: 37,
      uid: 5,
      external_userid: 'wo1',
      name: '李一天',
      external_type: 2,
      external_profile: 'null',
      is_member: 1,
      ...times,
    });
    expect(counts(await importing(EXAMPLES.yunzhong))).toEqual([
      ['tags', 1, 0, 0, 0],
      ['employees', 1, 0, 0, 0],
      ['follows', 2, 0, 0, 0],
    ]);
    const [first, second] = await app.dataSource
      .getRepository(Follow)
      .find({ order: { id: 'ASC' }, relations: { hasOneCustomer: true, tags: true } });
    expect(first).toMatchObject({
      id: 63,
      remark: '李😀',
      createdAt: '2021-09-28 09:21:46',
      updatedAt: null,
      remarkMobiles: '[]',
    });
    expect(first!.hasOneCustomer).toMatchObject({
      id: 37,
      name: '李一天',
      externalType: 2,
      memberUid: 5,
      externalProfile: 'null',
    });
    expect(first!.tags).toMatchObject([{ id: 27, order: 3 }]);
    expect([second!.id, second!.hasOneCustomer]).toEqual([64, null]);
    expect(await app.row(Enterprise, { id: 1 })).toMatchObject({ status: 1 });
    expect(
      counts(await importing(EXAMPLES.yunzhong)).map(([, added, changed, equal]) => [added, changed, equal]),
    ).toEqual([
      [0, 0, 1],
      [0, 0, 1],
      [0, 0, 2],
    ]);
  });

  test.each([
    [
      'customers: { table: nothing, key: id, columns: { id: customer_id } }',
      'table nothing of the original cannot be read (ER_NO_SUCH_TABLE)',
    ],
    [
      'customers: { table: customer, key: customer_id, columns: { customer_id: customer_id, nome: customer_name } }',
      'table customer of the original has no column nome',
    ],
    [
      'customers: { table: user_customer, key: user_id, columns: { customer_id: customer_id } }',
      'user_customer: user_id is null or the same in several rows',
    ],
    [
      'follows: { business_id: 77, table: user, key: user_id, columns: { username: userid, mobile: external_userid, created: createtime } }',
      'there is no enterprise 77',
    ],
  ])('refuses %s before anything is written', async (content, reason) => {
    await fillMixiot();
    await original.add('user_customer', { user_id: 998, customer_id: 405, created: '2018-11-28 10:40:31' });
    const refusal = await importing(files.write('map.yaml', content)).then(
      () => 'taken',
      (error: Error) => error.message,
    );
    expect(refusal).toBe(reason);
  });
});

const rows = (dataSource: DataSource) =>
  Promise.all([User, Customer, UserCustomer, Follow].map((entity) => dataSource.getRepository(entity).find()));
