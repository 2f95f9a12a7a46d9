import type { DataSource, EntityTarget, ObjectLiteral } from 'typeorm';
import { User } from '../src/auth/entities/user.entity';
import { hashPassword } from '../src/auth/passwords';
import { EnterpriseRight } from '../src/enterprise/entities/enterprise-right.entity';
import { Enterprise } from '../src/enterprise/entities/enterprise.entity';
import { Customer } from '../src/user-customer/entities/customer.entity';
import { UserCustomer } from '../src/user-customer/entities/user-customer.entity';
import { Employee } from '../src/wechat-customers/entities/employee.entity';
import { Contact } from '../src/wechat-customers/entities/contact.entity';
import { FollowHistory } from '../src/wechat-customers/entities/follow-history.entity';
import { Follow } from '../src/wechat-customers/entities/follow.entity';
import { Tag } from '../src/wechat-customers/entities/tag.entity';
import type { FollowData } from '../src/wechat-customers/write/follow-writer';
import { changeFollows } from '../src/wechat-customers/search-index/change-follows';
import { copyFromContacts } from '../src/wechat-customers/search-index/facts';

/** Ids start above those of the demo data; each row gets the next one. */
let lastId = 10_000;
const nextId = () => ++lastId;

async function insert<T extends ObjectLiteral>(dataSource: DataSource, entity: EntityTarget<T>, row: T): Promise<T> {
  await dataSource.createQueryBuilder().insert().into(entity).values(row).updateEntity(false).execute();
  return row;
}

const hashes = new Map<string, Promise<string>>();

/** The hash of a password, computed once: at its real cost a hundred users would take two seconds. */
function hashOf(password: string): Promise<string> {
  const hash = hashes.get(password) ?? hashPassword(password);
  hashes.set(password, hash);
  return hash;
}

/** A user, by default with the password `password`. */
export async function buildUser(dataSource: DataSource, overrides: Partial<User> & { password?: string } = {}) {
  const userId = overrides.userId ?? nextId();
  const { password = 'password', ...columns } = overrides;
  return insert(dataSource, User, {
    userId,
    username: `user-${userId}`,
    passwordHash: await hashOf(password),
    isSuper: 0,
    isAvailable: 1,
    mobile: '',
    description: '',
    extension: '',
    email: '',
    address: '',
    reference: '',
    created: '2024-01-01 00:00:00',
    ...columns,
  });
}

/** A customer of family A, with the code needed to follow it. */
export function buildCustomer(dataSource: DataSource, overrides: Partial<Customer> = {}) {
  const customerId = overrides.customerId ?? nextId();
  return insert(dataSource, Customer, {
    customerId,
    name: `客户${customerId}`,
    secret: 'ABCD',
    ...emptyCustomer,
    ...overrides,
  });
}

const emptyCustomer = {
  description: '',
  expId: '',
  province: '',
  city: '',
  address: '',
  phone: '',
  contact: '',
  mobile: '',
  email: '',
  template: null,
  script: null,
  reference: '',
  created: '2024-01-01 00:00:00',
};

/** A relation of family A, by default of user 998. */
export function buildUserCustomer(dataSource: DataSource, overrides: Partial<UserCustomer> = {}) {
  return insert(dataSource, UserCustomer, {
    userId: 998,
    customerId: nextId(),
    template: null,
    script: null,
    reference: '',
    created: '2024-01-01 00:00:00',
    isAvailable: 1,
    bossSync: 0,
    ...overrides,
  });
}

export function buildEnterprise(dataSource: DataSource, overrides: Partial<Enterprise> = {}) {
  const id = overrides.id ?? nextId();
  return insert(dataSource, Enterprise, {
    id,
    uniacid: 2,
    name: `企业${id}`,
    logoImg: '',
    status: 1,
    followsRevision: 0,
    listsRevision: 0,
    ...overrides,
  });
}

/** A right: by default user 1000 manages enterprise 1 of uniacid 2. */
export function buildRight(dataSource: DataSource, overrides: Partial<EnterpriseRight> = {}) {
  return insert(dataSource, EnterpriseRight, {
    uniacid: 2,
    enterpriseId: 1,
    userId: 1000,
    identity: 2,
    userid: '',
    ...overrides,
  });
}

export function buildContact(dataSource: DataSource, overrides: Partial<Contact> = {}) {
  const id = overrides.id ?? nextId();
  return insert(dataSource, Contact, {
    id,
    uniacid: 2,
    enterpriseId: 1,
    memberUid: 0,
    externalUserid: `wm-test-${id}`,
    name: `外部联系人${id}`,
    avatar: '',
    externalType: 1,
    gender: 0,
    unionid: '',
    position: '',
    corpName: '',
    corpFullName: '',
    externalProfile: 'null',
    isMember: 0,
    createdAt: null,
    updatedAt: null,
    deletedAt: null,
    ...overrides,
  });
}

export async function buildEmployee(dataSource: DataSource, overrides: Partial<Employee> = {}) {
  const id = overrides.id ?? nextId();
  const row = await insert(dataSource, Employee, {
    id,
    uniacid: 2,
    enterpriseId: 1,
    memberUid: 0,
    userid: `employee-${id}`,
    name: `成员${id}`,
    mobile: '',
    position: '',
    gender: 0,
    telephone: '',
    email: '',
    avatar: '',
    alias: '',
    status: 1,
    qrCode: '',
    address: '',
    openUserid: '',
    mainDepartment: '',
    updatedAt: null,
    createdAt: null,
    deletedAt: null,
    rightType: 0,
    disabled: 0,
    ...overrides,
  });
  await changeLists(dataSource, row.enterpriseId);
  return row;
}

export async function buildTag(dataSource: DataSource, overrides: Partial<Tag> = {}) {
  const id = overrides.id ?? nextId();
  const row = await insert(dataSource, Tag, {
    id,
    uniacid: 2,
    enterpriseId: 1,
    tagId: `et-test-${id}`,
    name: `标签${id}`,
    createTime: 0,
    order: 0,
    createdAt: null,
    updatedAt: null,
    deletedAt: null,
    groupId: '',
    groupName: '',
    type: 1,
    isLinked: 1,
    ...overrides,
  });
  await changeLists(dataSource, row.enterpriseId);
  return row;
}

/** Raises the revision of the enterprise's lists, as every writer of tags or employees must: the lists are cached. */
async function changeLists(dataSource: DataSource, id: number): Promise<void> {
  await dataSource.getRepository(Enterprise).increment({ id }, 'listsRevision', 1);
}

type FollowOverrides = Partial<Follow> & { contact?: Contact; employee?: Employee; tags?: Tag[] };

/** A follow with its search rows, by default of a new contact in enterprise 1. */
export async function buildFollow(dataSource: DataSource, overrides: FollowOverrides = {}) {
  const { contact: given, employee, tags = [], ...columns } = overrides;
  const tenant = { uniacid: columns.uniacid ?? 2, enterpriseId: columns.enterpriseId ?? 1 };
  const contact = given ?? (await buildContact(dataSource, tenant));
  const id = columns.id ?? nextId();
  const row = await insert(dataSource, Follow, {
    id,
    ...tenant,
    memberUid: 0,
    userid: employee?.userid ?? `gone-${id}`,
    externalUserid: contact.externalUserid,
    remark: '',
    description: '',
    customerCreateTime: 0,
    remarkCorpName: '',
    remarkMobiles: '[]',
    operUserid: '',
    tagId: tags.map(({ tagId }) => tagId).join(','),
    createtime: 1_700_000_000,
    addWay: '1',
    state: '',
    status: 1,
    createdAt: null,
    updatedAt: null,
    deletedAt: null,
    customerPk: contact.id,
    externalType: contact.externalType,
    customerUid: null,
    lostAt: null,
    lostBy: '',
    touchedRevision: 0,
    eventTime: 0,
    ...columns,
  });
  await dataSource.transaction((manager) =>
    changeFollows(manager, tenant, [], async () => {
      await copyFromContacts(manager, [row.id]);
      return [row.id];
    }),
  );
  return row;
}

/** A loss of a follow, by its employee. */
export function buildHistory(
  dataSource: DataSource,
  overrides: Partial<FollowHistory> & Pick<FollowHistory, 'followId'>,
) {
  return insert(dataSource, FollowHistory, {
    id: nextId(),
    uniacid: 2,
    enterpriseId: 1,
    event: 'lost',
    by: 'member',
    at: '2024-01-01 00:00:00',
    ...overrides,
  });
}

interface FollowDataOverrides {
  contact?: Partial<FollowData['contact']>;
  follow?: Partial<FollowData['follow']>;
  tags?: Tag[];
}

/** A contact and one employee's follow of it, for FollowWriter.save. */
export function followData({ contact, follow, tags = [] }: FollowDataOverrides = {}): FollowData {
  const id = nextId();
  return {
    contact: {
      externalUserid: `wm-test-${id}`,
      memberUid: 0,
      name: `外部联系人${id}`,
      avatar: '',
      externalType: 1,
      gender: 0,
      unionid: '',
      position: '',
      corpName: '',
      corpFullName: '',
      externalProfile: 'null',
      isMember: 0,
      ...contact,
    },
    follow: {
      userid: `employee-${id}`,
      memberUid: 0,
      remark: '',
      description: '',
      customerCreateTime: 0,
      remarkCorpName: '',
      remarkMobiles: '[]',
      operUserid: '',
      tagId: tags.map(({ tagId }) => tagId).join(','),
      createtime: 1_700_000_000,
      addWay: '1',
      state: '',
      status: 1,
      lostAt: null,
      ...follow,
    },
  };
}
