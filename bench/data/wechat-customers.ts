import type { DataSource } from 'typeorm';
import { wallClock } from '../../src/base/time';
import { BulkInsert } from './bulk-insert';
import { LAST_MOMENT, SPAN_SECONDS } from './calendar';
import { personName, remarkOn, TERMS } from './names';
import { Random, weighted } from './random';
import { fillStaffAndTags, StaffAndTags } from './staff-and-tags';
import { ENTERPRISES } from './enterprises';

/** Follows drawn but not yet written; the pool mixes the followers of one customer with those of others. */
const POOL_SIZE = 5_000;
const REPORT_EVERY = 1_000;
const JITTER_SECONDS = 3 * 86_400;

const CUSTOMER_COLUMNS = [
  'id',
  'uniacid',
  'crop_id',
  'uid',
  'external_userid',
  'name',
  'avatar',
  'external_type',
  'gender',
  'unionid',
  'corp_name',
  'corp_full_name',
  'external_profile',
  'is_member',
  'created_at',
] as const;

const FOLLOW_COLUMNS = [
  'id',
  'uniacid',
  'crop_id',
  'userid',
  'external_userid',
  'remark',
  'customer_create_time',
  'remark_mobiles',
  'oper_userid',
  'tag_id',
  'createtime',
  'add_way',
  'status',
  'created_at',
  'updated_at',
  'deleted_at',
  'customer_pk',
  'external_type',
] as const;

type CustomerRow = Record<(typeof CUSTOMER_COLUMNS)[number], string | number> & { id: number; external_type: number };

/** An employee's follow of a customer, not yet written. */
interface PendingFollow {
  tenant: StaffAndTags;
  customer: CustomerRow;
  userid: string;
}

const addWay = weighted([
  ['1', 40],
  ['3', 15],
  ['2', 10],
  ['0', 9],
  ['4', 8],
  ['6', 5],
  ['9', 3],
  ['201', 3],
  ['202', 3],
  ['7', 2],
  ['8', 2],
] as const);

const followers = weighted([
  [1, 48],
  [2, 27],
  [3, 13],
  [4, 7],
  [6, 5],
] as const);

/**
 * Fills family B: employees, tags, `count` follows, and about half as many customers.
 * @param report receives the number of follows added since the last call
 */
export async function fillWechatCustomers(
  dataSource: DataSource,
  count: number,
  seed: number,
  report: (added: number) => void,
): Promise<void> {
  const random = new Random(seed);
  const tenants = await fillStaffAndTags(dataSource, random);
  const tenant = weighted(tenants.map((entry, index) => [entry, ENTERPRISES[index]!.share] as const));
  const customers = new BulkInsert(dataSource, 'wechat_customer', CUSTOMER_COLUMNS);
  const follows = new BulkInsert(dataSource, 'wechat_follow', FOLLOW_COLUMNS);

  const firstCustomer = { ...customerRow(tenants[0]!, 1, random), name: TERMS.one };
  await customers.add(firstCustomer);
  let customerId = 1;
  const pool: PendingFollow[] = [];
  const poolSize = Math.min(POOL_SIZE, Math.ceil(count / 10));
  const next = async (): Promise<PendingFollow> => {
    while (pool.length < poolSize) {
      const owner = tenant(random);
      const customer = customerRow(owner, ++customerId, random);
      await customers.add(customer);
      const employees = new Set(Array.from({ length: followers(random) }, () => owner.employee(random)));
      for (const userid of employees) pool.push({ tenant: owner, customer, userid });
    }
    const index = random.below(pool.length);
    const [last, chosen] = [pool.pop()!, pool[index]];
    if (chosen) pool[index] = last;
    return chosen ?? last;
  };

  for (let id = 1; id <= count; id++) {
    const isFirst = id === 1;
    const { tenant, customer, userid } = isFirst
      ? { tenant: tenants[0]!, customer: firstCustomer, userid: tenants[0]!.employee(random) }
      : await next();
    const createtime = addedAt(id / count, random);
    const tagIds = tenant.tags(random);
    const isDeleted = !isFirst && random.chance(0.005);
    const synchronised = wallClock(new Date((createtime + 3600) * 1000));
    await follows.add({
      id,
      uniacid: tenant.uniacid,
      crop_id: tenant.enterpriseId,
      userid,
      external_userid: customer.external_userid,
      remark: isFirst ? TERMS.one : remarkOn(String(customer.name), random),
      customer_create_time: createtime,
      remark_mobiles: random.chance(0.1) ? `["1${random.between(3_000_000_000, 8_999_999_999)}"]` : '[]',
      oper_userid: userid,
      tag_id: tagIds.join(','),
      createtime,
      add_way: addWay(random),
      status: random.chance(0.06) ? -1 : 1,
      created_at: synchronised,
      updated_at: random.chance(0.2) ? synchronised : null,
      deleted_at: isDeleted ? wallClock(new Date(LAST_MOMENT * 1000)) : null,
      customer_pk: customer.id,
      external_type: customer.external_type,
    });
    if (id % REPORT_EVERY === 0) report(REPORT_EVERY);
  }
  report(count % REPORT_EVERY);
  for (const table of [customers, follows]) await table.flush();
}

/** Unix seconds, rising with the id except for a few days. @param progress 0 for the first follow, 1 for the last */
function addedAt(progress: number, random: Random): number {
  const moment = LAST_MOMENT - SPAN_SECONDS + progress * SPAN_SECONDS - random.below(JITTER_SECONDS);
  return Math.floor(moment);
}

function customerRow({ uniacid, enterpriseId }: StaffAndTags, id: number, random: Random): CustomerRow {
  const isWecom = random.chance(0.1);
  const isMember = random.chance(0.1);
  return {
    id,
    uniacid,
    crop_id: enterpriseId,
    uid: isMember ? 3_000_000 + id : 0,
    external_userid: `${isWecom ? 'wo' : 'wm'}Bench${random.id(14)}${String(id).padStart(9, '0')}`,
    name: personName(random),
    avatar: random.chance(0.8) ? `http://wx.qlogo.cn/mmhead/${random.id(43)}/0` : '',
    external_type: isWecom ? 2 : 1,
    gender: random.below(3),
    unionid: isMember ? `ot${random.id(26)}` : '',
    corp_name: isWecom ? '示例公司' : '',
    corp_full_name: isWecom ? '示例科技有限公司' : '',
    external_profile: 'null',
    is_member: isMember ? 1 : 0,
    created_at: wallClock(new Date((LAST_MOMENT - random.below(SPAN_SECONDS)) * 1000)),
  };
}
