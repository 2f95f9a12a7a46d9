import type { DataSource } from 'typeorm';
import { databaseRetries, inTransaction } from '../../../src/database/transaction';
import type { Tenant } from '../../../src/enterprise/tenant';
import type { Tag } from '../../../src/wechat-customers/entities/tag.entity';
import { changeFollows } from '../../../src/wechat-customers/search-index/change-follows';
import { reindex } from '../../../src/wechat-customers/search-index/reindex';
import { readRevision } from '../../../src/wechat-customers/search-index/revisions';
import { storeEmployees } from '../../../src/wechat-customers/write/employees';
import { endFollows } from '../../../src/wechat-customers/write/end-follows';
import { FollowWriter } from '../../../src/wechat-customers/write/follow-writer';
import { renameEmployee } from '../../../src/wechat-customers/write/rename-employee';
import { storeFollows } from '../../../src/wechat-customers/write/store-follows';
import { storeTags } from '../../../src/wechat-customers/write/tags';
import { TestApp } from '../../app';
import { engine } from '../../database';
import { buildTag, followData } from '../../factories';
import { LONG_AGO, seen, World } from './world';

/** Enterprises whose rows are neighbours in every index. */
const ENTERPRISES = 3;
/** As many at once as there may be at work on the four parts of a sync, and callbacks beside it. */
const WRITERS = 12;
const WRITES_EACH = 5;

/** Writers of all kinds at once, of overlapping rows. On SQLite one process has the database to itself. */
describe('writers at once', () => {
  let world: World;
  let second: TestApp | undefined;
  let tenants: Tenant[];
  let tags: Tag[];

  beforeAll(async () => {
    world = await World.start(9900);
    if (engine === 'mariadb') second = await world.app.second();
  });

  afterAll(async () => {
    await second?.stop();
    await world.app.stop();
  });

  beforeEach(async () => {
    const first = await world.open();
    tenants = [first];
    while (tenants.length < ENTERPRISES) tenants.push(await world.open(first.uniacid));
    tags = await Promise.all(tenants.map((tenant) => buildTag(world.dataSource, { ...tenant, tagId: 'et1' })));
  });

  const databaseOf = (n: number): DataSource => (n % 2 && second ? second : world.app).dataSource;

  const pageOf = (n: number) =>
    Array.from({ length: 12 }, (_, i) =>
      seen({
        contact: { externalUserid: `wm${(n * 5 + i) % 30}`, name: `客户${n}`, externalType: 1 + (n % 2) },
        follow: { userid: `E${n % 4}`, remark: `备注${n}.${i}`, tagId: n % 3 ? 'et1' : '' },
      }),
    );

  async function store(n: number, tenant: Tenant): Promise<void> {
    const database = databaseOf(n);
    const asked = await readRevision(database.manager, tenant);
    const page = n % 5 ? pageOf(n) : pageOf(n).toReversed();
    await inTransaction(database, async (manager) => {
      const { ids } = await storeFollows(manager, tenant, page, { cause: 'sync', asked });
      if (n % 4 === 0) await endFollows(manager, tenant, ids.slice(0, 4), { by: 'sync', at: LONG_AGO });
    });
  }

  const retries = async () => (await databaseRetries.get()).values[0]?.value ?? 0;

  const storeAll = (tenantOf: (n: number) => Tenant) =>
    Promise.all(
      Array.from({ length: WRITERS }, async (_, writer) => {
        for (let n = writer; n < WRITERS * WRITES_EACH; n += WRITERS) await store(n, tenantOf(n));
      }),
    );

  test('of one enterprise: none meets a deadlock, and nothing is out of line', async () => {
    const before = await retries();
    await storeAll(() => tenants[0]!);
    expect((await retries()) - before).toBe(0);
    expect((await world.follows(tenants[0]!)).length).toBeGreaterThan(50);
    await world.expectInLine();
  });

  test('of several enterprises: a deadlock over the gap between their rows is survived', async () => {
    await storeAll((n) => tenants[(n % 7) % ENTERPRISES]!);
    for (const tenant of tenants) expect((await world.follows(tenant)).length).toBeGreaterThan(20);
    await world.expectInLine();
  });

  test('of all kinds, none meets a deadlock: saves, changes, employees, tags, renames and reindex', async () => {
    const [tenant] = tenants as [Tenant];
    await store(1, tenant);
    const others = [
      ...[1, 2, 3].map((n) =>
        new FollowWriter(databaseOf(n)).save(tenant, [
          followData({ contact: { externalUserid: 'wm5', memberUid: n }, follow: { userid: 'E1' }, tags: [tags[0]!] }),
        ]),
      ),
      ...[4, 5].map((n) =>
        inTransaction(databaseOf(n), async (manager) => {
          await changeFollows(manager, tenant, [], () => Promise.resolve([]));
          await storeEmployees(manager, tenant, [{ userid: `E${n}`, name: `成员${n}` }]);
        }),
      ),
      storeTags(databaseOf(6), tenant, [
        { tagId: 'et1', name: '新', createTime: 0, order: 0, groupId: '', groupName: '' },
      ]),
      inTransaction(databaseOf(7), (manager) => renameEmployee(manager, tenant, 'E1', 'E9')),
      reindex(databaseOf(8)),
    ];
    const before = await retries();
    await Promise.all([...others, ...Array.from({ length: WRITERS }, (_, n) => store(n, tenant))]);
    expect((await retries()) - before).toBe(0);
    await world.expectInLine();
  });

  test('a transaction that has read before another wrote is repeated, and stores what is then right', async () => {
    const [tenant] = tenants as [Tenant];
    await store(1, tenant);
    let tries = 0;
    await inTransaction(world.dataSource, async (manager) => {
      await manager.query('SELECT COUNT(*) FROM wechat_follow');
      if (++tries === 1 && second) await store(3, tenant);
      await storeFollows(manager, tenant, pageOf(1), { cause: 'sync', asked: await readRevision(manager, tenant) });
    });
    expect(tries).toBe(second ? 2 : 1);
    await world.expectInLine();
  });
});
