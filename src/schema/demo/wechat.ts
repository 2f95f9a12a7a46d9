import type { QueryDeepPartialEntity } from 'typeorm';
import type { Employee } from '../../wechat-customers/entities/employee.entity';
import type { Contact } from '../../wechat-customers/entities/contact.entity';
import type { Follow } from '../../wechat-customers/entities/follow.entity';
import type { Tag } from '../../wechat-customers/entities/tag.entity';
import { goldenContacts, goldenEmployee, goldenFollows, goldenTags } from './golden-rows';

type Row<T> = QueryDeepPartialEntity<T>;

/** The tenant of the documents. */
const documented = { uniacid: 2, enterpriseId: 1 };
/** A second enterprise and a second uniacid, both with the same WeCom ids, so that a leak shows. */
const others = [
  { uniacid: 2, enterpriseId: 2 },
  { uniacid: 3, enterpriseId: 3 },
];

const SURNAMES = [
  '王',
  '李',
  '张',
  '刘',
  '陈',
  '杨',
  '黄',
  '赵',
  '周',
  '吴',
  '徐',
  '孙',
  '马',
  '朱',
  '胡',
  '林',
  '郭',
  '何',
];
const GIVEN_NAMES = ['佳怡', '子轩', '浩然', '雨桐', '思远', '欣怡', '俊杰', '梦琪', '建国', '晓芳', '艳文', '明'];
const ADD_WAYS = ['1', '2', '3', '4', '6', '0', '201', '202'];
/** 2021-09-01 00:00:00 UTC+8. */
const FIRST_ADDED = 1630425600;
const SYNCHRONISED = '2021-09-28 09:21:46';
const LOST = '2021-09-27 18:05:00';

const colleagues = [
  { id: 13, userid: 'SunXinJian', name: '孙新建' },
  { id: 14, userid: 'WeiPing', name: '韦平' },
  { id: 15, userid: 'LinYue', name: '林悦' },
];
/** An employee who has left: the follows stay, the employee's row is gone. */
const formerEmployee = { id: null, userid: 'ChenLiKai' };

/** All rows of family B. Enterprise 1 has 45 follows; 62 and 63 are those of the documents. */
export function wechatRows() {
  const contacts: Row<Contact>[] = [...goldenContacts];
  const employees: Row<Employee>[] = [
    goldenEmployee,
    ...colleagues.map((employee) => employeeRow(documented, employee)),
  ];
  const tags: Row<Tag>[] = [...goldenTags, tagRow(documented, 24, '意向客户'), tagRow(documented, 23, '老客户')];
  const follows: Row<Follow>[] = [...goldenFollows];

  const contactIds = Array.from({ length: 36 }, (_, index) => index + 1).filter((id) => id !== 20);
  contacts.push(...contactIds.map((id) => contactRow(documented, id)));
  const owners = [...colleagues, { id: 12, userid: 'XiaoLiangZi' }, formerEmployee];
  for (let n = 0; n < 43; n++) {
    const contactId = contactIds[n % contactIds.length]!;
    const owner = owners[(n + Math.floor(n / contactIds.length)) % owners.length]!;
    const followTags = tags.filter((_, index) => (n + index) % 4 === 0);
    follows.push(followRow(documented, 19 + n, contactRow(documented, contactId), owner, followTags));
  }

  others.forEach((tenant, index) => {
    const base = 100 * (index + 1);
    const employee = { id: base + 1, userid: 'SunXinJian', name: `孙新建（企业${tenant.enterpriseId}）` };
    const tag = tagRow(tenant, base + 1, `企业${tenant.enterpriseId}的标签`);
    employees.push(employeeRow(tenant, employee));
    tags.push(tag);
    for (let n = 1; n <= 3; n++) {
      const contact = contactRow(tenant, base + n, n);
      contacts.push(contact);
      follows.push(followRow(tenant, base + n, contact, employee, n === 1 ? [tag] : []));
    }
  });

  return { contacts, employees, tags, follows };
}

type Tenant = typeof documented;

function contactRow({ uniacid, enterpriseId }: Tenant, id: number, n = id) {
  const isWeCom = n % 5 === 0;
  return {
    id,
    uniacid,
    enterpriseId,
    memberUid: n % 6 === 0 ? 3000 + n : 0,
    externalUserid: `${isWeCom ? 'wo' : 'wm'}DesSDgAADemo${String(n).padStart(20, '0')}`,
    name: SURNAMES[n % SURNAMES.length]! + GIVEN_NAMES[n % GIVEN_NAMES.length]!,
    externalType: isWeCom ? 2 : 1,
    gender: n % 3,
    corpName: isWeCom ? '示例公司' : '',
    corpFullName: isWeCom ? '示例科技有限公司' : '',
    externalProfile: 'null',
    isMember: n % 6 === 0 ? 1 : 0,
    createdAt: SYNCHRONISED,
  };
}

function employeeRow(
  { uniacid, enterpriseId }: Tenant,
  { id, userid, name }: { id: number; userid: string; name: string },
) {
  const moment = '2021-09-24 16:31:09';
  return {
    id,
    uniacid,
    enterpriseId,
    userid,
    name,
    gender: 1,
    openUserid: `${enterpriseId}_${userid}`,
    mainDepartment: '1',
    createdAt: moment,
    updatedAt: moment,
  };
}

function tagRow({ uniacid, enterpriseId }: Tenant, id: number, name: string) {
  const moment = '2021-08-24 16:13:28';
  return {
    id,
    uniacid,
    enterpriseId,
    tagId: `etDesSDgAADemo${String(id).padStart(18, '0')}`,
    name,
    createTime: 1616825466,
    createdAt: moment,
    updatedAt: moment,
    groupId: 'etDesSDgAADemoGroup0000000000000',
    groupName: '客户等级',
  };
}

function followRow(
  { uniacid, enterpriseId }: Tenant,
  id: number,
  contact: ReturnType<typeof contactRow>,
  owner: { id: number | null; userid: string },
  tags: Row<Tag>[],
) {
  const added = FIRST_ADDED + id * 36_000;
  return {
    id,
    uniacid,
    enterpriseId,
    userid: owner.userid,
    externalUserid: contact.externalUserid,
    remark: id % 4 === 0 ? `${contact.name}-回访` : contact.name,
    customerCreateTime: added,
    operUserid: owner.userid,
    tagId: tags.map(({ tagId }) => tagId as string).join(','),
    createtime: added,
    addWay: ADD_WAYS[id % ADD_WAYS.length]!,
    status: id % 11 === 0 ? -1 : 1,
    lostAt: id % 11 === 0 ? LOST : null,
    createdAt: SYNCHRONISED,
    customerPk: contact.id,
    externalType: contact.externalType,
  };
}
