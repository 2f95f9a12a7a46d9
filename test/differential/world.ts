import * as fc from 'fast-check';
import type { DataSource, EntityTarget, ObjectLiteral } from 'typeorm';
import { User } from '../../src/auth/entities/user.entity';
import { hashPassword } from '../../src/auth/passwords';
import { EnterpriseRight } from '../../src/enterprise/entities/enterprise-right.entity';
import { Enterprise } from '../../src/enterprise/entities/enterprise.entity';
import { Customer } from '../../src/user-customer/entities/customer.entity';
import { UserCustomer } from '../../src/user-customer/entities/user-customer.entity';
import { Contact } from '../../src/wechat-customers/entities/contact.entity';
import { Employee } from '../../src/wechat-customers/entities/employee.entity';
import { Follow } from '../../src/wechat-customers/entities/follow.entity';
import { Tag } from '../../src/wechat-customers/entities/tag.entity';
import { rebuildFollowIndex } from '../../src/wechat-customers/search-index/rebuild';
import { oddId, oddText } from './texts';

/** The official account and enterprise whose follows are read. */
export const TENANT = { uniacid: 2, enterpriseId: 1 };

export const PASSWORD = 'password';
/** The callers: one may do everything, the other is an employee whose userid ends in a blank. */
export const SUPER = 'boss';
export const PLAIN = 'staff';
export const userIds = [1, 2];

/** Rows of all tables that both engines get, with ids given: an engine's own would differ. */
export type World = ReturnType<typeof buildWorld>;

/** The same seed gives the same rows. */
export function buildWorld(seed: number) {
  const many = <Row>(count: number, row: fc.Arbitrary<Row>, key?: (row: Row) => unknown): Row[] => {
    const rows = fc.sample(row, { seed: ++seed, numRuns: count });
    // As MySQL's keys are: they take a text for the same with blanks after it.
    return key ? [...new Map(rows.map((each) => [String(key(each)).replace(/ +$/, ''), each])).values()] : rows;
  };
  const text = (max: number) => oddText.map((odd) => [...odd].slice(0, max).join(''));
  const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 4 });
  const isDeleted = (alive: number) =>
    fc.oneof({ weight: alive, arbitrary: fc.constant(null) }, fc.constant('2024-01-01 00:00:00'));
  const day = fc.integer({ min: 10, max: 28 });
  const time = fc.tuple(day, fc.constantFrom('00:00:00', '12:30:00', '23:59:59')).map(([d, t]) => `2024-02-${d} ${t}`);

  const customers = many(
    50,
    fc.record({
      name: oddId(255),
      secret: oddId(64),
      description: text(255),
      expId: text(64),
      province: text(64),
      city: text(64),
      address: text(255),
      phone: text(64),
      contact: text(255),
      mobile: text(32),
      email: text(255),
      template: orNull(oddText),
      script: orNull(oddText),
      reference: text(255),
      created: orNull(time),
    }),
  ).map((customer, n) => ({ ...customer, customerId: 7001 + n }));
  const relations = many(
    90,
    fc.record({
      userId: fc.constantFrom(...userIds),
      customerId: fc.integer({ min: 7001, max: 7055 }),
      template: orNull(oddText),
      script: orNull(oddText),
      reference: text(255),
      created: orNull(time),
      isAvailable: fc.nat({ max: 1 }),
      bossSync: fc.nat({ max: 1 }),
    }),
    ({ userId, customerId }) => `${userId}/${customerId}`,
  );

  const inTenant = <Row>(rows: Row[], firstId: number) =>
    rows.map((row, n) => ({ id: firstId + n, ...TENANT, ...row }));
  const employees = inTenant(
    many(
      12,
      fc.record({ userid: oddId(64), name: text(255), mobile: text(32), deletedAt: fc.constant(null) }),
      ({ userid }) => userid,
    ),
    30_001,
  );
  const tags = inTenant(
    many(
      14,
      fc.record({ tagId: oddId(64), name: oddId(255), groupName: text(255), type: fc.integer({ min: 1, max: 2 }) }),
      ({ tagId }) => tagId,
    ),
    40_001,
  );
  const contacts = inTenant(
    many(
      60,
      fc.record({
        externalUserid: oddId(64),
        name: text(255),
        memberUid: fc.nat({ max: 2 }),
        externalType: fc.integer({ min: 1, max: 2 }),
        externalProfile: fc.constant('null'),
        deletedAt: isDeleted(8),
      }),
      ({ externalUserid }) => externalUserid,
    ),
    50_001,
  );
  /** The id itself, or that of no row: the same with a blank more or less, which MySQL's `=` takes for it. */
  const near = (ids: string[]) =>
    fc
      .tuple(fc.constantFrom(...ids), fc.constantFrom('same', 'same', 'same', 'same', 'blank', 'trimmed'))
      .map(([id, change]) => (change === 'same' ? id : change === 'blank' ? `${id} `.slice(-64) : id.trimEnd() || id));
  const follows = inTenant(
    many(
      160,
      fc.record({
        userid: near(employees.map(({ userid }) => userid)),
        externalUserid: near(contacts.map(({ externalUserid }) => externalUserid)),
        remark: text(255),
        tagId: fc.array(near(tags.map(({ tagId }) => tagId)), { maxLength: 3 }).map((ids) => ids.join(',')),
        createtime: fc.integer({ min: 1_690_000_000, max: 1_710_000_000 }),
        addWay: fc.constantFrom('0', '1', '1', '202', '1 ', '01', ''),
        status: fc.constantFrom(1, 1, -1),
        lostAt: orNull(time),
        createdAt: orNull(time),
        deletedAt: isDeleted(12),
      }),
      ({ userid, externalUserid }) => `${userid.replace(/ +$/, '')}/${externalUserid}`,
    ),
    20_001,
  );
  const names = many(5, oddId(200)).map((name, n) => ({
    id: n + 1,
    uniacid: TENANT.uniacid,
    name: name.trim() || 'x',
  }));
  return { customers, relations, employees, tags, contacts, follows, enterprises: names };
}

/** Fills a migrated database. */
export async function fill(dataSource: DataSource, world: World): Promise<void> {
  const insert = <T extends ObjectLiteral>(entity: EntityTarget<T>, rows: object[]) =>
    dataSource.createQueryBuilder().insert().into(entity).values(rows).updateEntity(false).execute();
  const passwordHash = await hashPassword(PASSWORD);
  const created = '2024-01-01 00:00:00';
  await insert(User, [
    { userId: 1, username: SUPER, isSuper: 1, mobile: '138', passwordHash, created },
    { userId: 2, username: PLAIN, isSuper: 0, mobile: '138 ', passwordHash, created },
    { userId: 3, username: 'Böss ', isSuper: 0, mobile: '139', passwordHash, created },
    { userId: 4, username: 'bOss', isSuper: 0, mobile: '139', passwordHash, created },
  ]);
  await insert(Enterprise, world.enterprises);
  const [{ userid = '' } = {}, { userid: another = '' } = {}] = world.employees;
  await insert(
    EnterpriseRight,
    world.enterprises.flatMap(({ id: enterpriseId }) => [
      { uniacid: 2, enterpriseId, userId: 1, identity: 2, userid },
      { uniacid: 2, enterpriseId, userId: 2, identity: 1, userid: `${another.trimEnd()} ` },
    ]),
  );
  await insert(Customer, world.customers);
  await insert(UserCustomer, world.relations);
  await insert(Employee, world.employees);
  await insert(Tag, world.tags);
  await insert(Contact, world.contacts);
  await insert(Follow, world.follows);
  await dataSource.transaction((manager) => rebuildFollowIndex(manager));
}
