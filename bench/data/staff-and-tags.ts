import type { DataSource } from 'typeorm';
import { BulkInsert } from './bulk-insert';
import { BenchEnterprise, ENTERPRISES } from './enterprises';
import { personName } from './names';
import { Random, weighted, zipf } from './random';

/** One employee in 97 has left: follows still name it, but it has no row. */
const LEFT_EVERY = 97;
/** The first of 2,000 employees keeps about 2 % of the follows. */
const EMPLOYEE_SKEW = 0.6;
/** The first of 300 tags is on about 10 % of the follows. */
const TAG_SKEW = 0.65;
const UNTAGGED_SHARE = 0.13;
const CREATED = '2024-06-28 10:00:00';

/** The parts of an enterprise's follows. */
export interface StaffAndTags {
  uniacid: number;
  enterpriseId: number;
  /** Draws the userid of the following employee: the first ones far more often. */
  employee(random: Random): string;
  /** Draws the tag_ids of a follow, none to four: the first ones far more often. */
  tags(random: Random): string[];
}

const EMPLOYEE_COLUMNS = [
  'id',
  'uniacid',
  'business_id',
  'user_id',
  'name',
  'mobile',
  'gender',
  'avatar',
  'qr_code',
  'open_userid',
  'main_department',
  'created_at',
  'updated_at',
] as const;

const TAG_COLUMNS = [
  'id',
  'uniacid',
  'crop_id',
  'tag_id',
  'name',
  'create_time',
  'created_at',
  'updated_at',
  'group_id',
  'group_name',
] as const;

const tagCount = weighted([
  [1, 25],
  [2, 35],
  [3, 25],
  [4, 15],
] as const);

/** Fills the employees and tags of every enterprise; the result is in the order of {@link ENTERPRISES}. */
export async function fillStaffAndTags(dataSource: DataSource, random: Random): Promise<StaffAndTags[]> {
  const employees = new BulkInsert(dataSource, 'wechat_employee', EMPLOYEE_COLUMNS);
  const tags = new BulkInsert(dataSource, 'wechat_tag', TAG_COLUMNS);
  const filled: StaffAndTags[] = [];
  let ids = 0;
  for (const enterprise of ENTERPRISES) {
    const staff: string[] = [];
    for (let n = 1; n <= enterprise.employees; n++) {
      const userid = `Member${String(n).padStart(4, '0')}`;
      staff.push(userid);
      if (n % LEFT_EVERY !== 0) await employees.add(employeeRow(enterprise, ++ids, userid, random));
    }
    const tagIds: string[] = [];
    for (let n = 1; n <= enterprise.tags; n++) {
      const row = tagRow(enterprise, ++ids, n, random);
      tagIds.push(row.tag_id);
      await tags.add(row);
    }
    filled.push(drawsOf(enterprise, staff, tagIds));
  }
  await employees.flush();
  await tags.flush();
  return filled;
}

function drawsOf({ uniacid, id }: BenchEnterprise, staff: string[], tags: string[]): StaffAndTags {
  const employeeIndex = zipf(staff.length, EMPLOYEE_SKEW);
  const tagIndex = zipf(tags.length, TAG_SKEW);
  return {
    uniacid,
    enterpriseId: id,
    employee: (random) => staff[employeeIndex(random)]!,
    tags: (random) => {
      if (random.chance(UNTAGGED_SHARE)) return [];
      const tagIds = new Set(Array.from({ length: tagCount(random) }, () => tags[tagIndex(random)]!));
      return [...tagIds];
    },
  };
}

function employeeRow({ uniacid, id: enterpriseId }: BenchEnterprise, id: number, userid: string, random: Random) {
  return {
    id,
    uniacid,
    business_id: enterpriseId,
    user_id: userid,
    name: personName(random),
    mobile: `1${random.between(3_000_000_000, 8_999_999_999)}`,
    gender: random.between(1, 2),
    avatar: `https://wework.qpic.cn/bizmail/${random.id(40)}/0`,
    qr_code: `https://open.work.weixin.qq.com/wwopen/userQRCode?vcode=vc${random.id(16)}`,
    open_userid: `${enterpriseId}_${userid}`,
    main_department: String(random.between(1, 30)),
    created_at: CREATED,
    updated_at: CREATED,
  };
}

function tagRow({ uniacid, id: enterpriseId }: BenchEnterprise, id: number, n: number, random: Random) {
  const group = Math.ceil(n / 10);
  return {
    id,
    uniacid,
    crop_id: enterpriseId,
    tag_id: `etBench${random.id(16)}${String(id).padStart(9, '0')}`,
    name: `标签${group}-${n}`,
    create_time: 1_719_540_000,
    created_at: CREATED,
    updated_at: CREATED,
    group_id: `etBenchGroup${String(enterpriseId).padStart(4, '0')}${String(group).padStart(16, '0')}`,
    group_name: `标签组${group}`,
  };
}
