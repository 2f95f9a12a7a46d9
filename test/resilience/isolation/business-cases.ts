import { stringify } from 'qs';
import type { Ask, Case } from './ask';
import { basic } from './mix-cases';
import { SAME, Side } from './world';

export type Method = 'GET' | 'POST';

export const FORBIDDEN = { result: 0, msg: '无权管理该企业', data: [] };
const NOT_SIGNED_IN = { result: 0, msg: '请登录', data: { login_status: 1 } };
const OK = { result: 1, msg: '成功', data: [] };

/**
 * Family B: a request that names another enterprise or uniacid is refused; getList shows one's own rows whatever it is
 * asked.
 */
export const businessCases: Record<string, Case> = {
  'GET /business/:uniacid/admin/businessList': (...given) => businessList('GET', ...given),
  'POST /business/:uniacid/admin/businessList': (...given) => businessList('POST', ...given),
  'GET /business/:uniacid/admin/manageBusiness': (...given) => manageBusiness('GET', ...given),
  'POST /business/:uniacid/admin/manageBusiness': (...given) => manageBusiness('POST', ...given),
  'GET /business/:uniacid/plugin/WechatCustomers/getList': (...given) => getList('GET', ...given),
  'POST /business/:uniacid/plugin/WechatCustomers/getList': (...given) => getList('POST', ...given),
};

async function businessList(method: Method, ask: Ask, own: Side, others: Side[]): Promise<void> {
  const mine = { business_list: [{ id: own.enterpriseId, name: `企业${own.mark}` }], business_id: own.enterpriseId };
  await ask(request(method, own, 'admin/businessList'), { result: 1, data: mine });
  for (const other of others) {
    const smuggled = {
      uniacid: other.uniacid,
      user_id: other.userId,
      uid: other.userId,
      business_id: other.enterpriseId,
    };
    await ask(request(method, own, 'admin/businessList', smuggled), { result: 1, data: mine });
    if (other.uniacid !== own.uniacid) {
      const nothing = { business_list: [], business_id: 0 };
      await ask(request(method, other, 'admin/businessList'), { result: 1, data: nothing });
    }
    await expectNotSignedIn(ask, request(method, own, 'admin/businessList'), own, other);
  }
}

async function manageBusiness(method: Method, ask: Ask, own: Side, others: Side[]): Promise<void> {
  const choose = (of: Side, id: number) => request(method, of, 'admin/manageBusiness', { id });
  for (const other of others) {
    await ask(choose(own, other.enterpriseId), FORBIDDEN);
    await ask(choose(other, other.enterpriseId), FORBIDDEN);
    if (other.uniacid !== own.uniacid) await ask(choose(other, own.enterpriseId), FORBIDDEN);
    await expectNotSignedIn(ask, choose(own, own.enterpriseId), own, other);
    // The choice is unchanged, and so are the rows shown.
    await ask(request('POST', own, 'admin/businessList'), { data: { business_id: own.enterpriseId } });
    await ask(request('POST', own, LIST), { result: 1, data: { total: own.follows.length } });
  }
  await ask(choose(own, own.enterpriseId), OK);
}

const LIST = 'plugin/WechatCustomers/getList';

async function getList(method: Method, ask: Ask, own: Side, others: Side[]): Promise<void> {
  const list = (parameters: object, follows: Side['follows']) =>
    ask(request(method, own, LIST, parameters), { result: 1, data: pageOf(own, follows) });
  const same = own.follows.filter(({ userid }) => userid === SAME.userid);
  const [only] = own.follows;

  for (const search of FOUND_EVERYWHERE) await list({ search }, own.follows);
  for (const search of FOUND_UNLESS_LOST) await list({ search }, notLost(own));
  await list({ search: { status: -1 } }, own.follows.slice(-1));
  for (const search of FOUND_BY_SAME_MEMBER) await list({ search }, same);
  await list({ search: { customer: SAME.externalUserid } }, same.slice(-1));
  await list({ search: { customer: own.own.externalUserid } }, [only!]);
  await followPages(ask, request(method, own, LIST, { per_page: 1 }), own);

  for (const other of others) {
    const { uniacid, enterpriseId, mark, own: theirs } = other;
    const smuggled = {
      uniacid,
      crop_id: enterpriseId,
      cropId: enterpriseId,
      business_id: enterpriseId,
      businessId: enterpriseId,
      id: enterpriseId,
    };
    await list({ ...smuggled, search: smuggled }, own.follows);
    for (const search of [
      { customer: mark },
      { remark: mark },
      { customer: theirs.externalUserid },
      { member: theirs.uid },
      { tags_data: theirs.tagId },
      { tags_data: [SAME.tagId, theirs.tagId], tags_mode: 'all' },
      { employee_member: theirs.userid },
    ]) {
      await list({ search }, []);
    }
    await list({ search: { tags_data: theirs.tagId, tags_mode: 'exclude' } }, own.follows);
    await list({ search: { tags_data: [SAME.tagId, theirs.tagId] } }, own.follows);
    if (uniacid !== own.uniacid) await ask(request(method, other, LIST), FORBIDDEN);
    await expectNotSignedIn(ask, request(method, own, LIST), own, other);
  }
}

const FOUND_EVERYWHERE: object[] = [
  {},
  { customer: SAME.name },
  { customer: SAME.name.slice(0, 1) },
  { add_way_type: 1 },
  { tags_data: SAME.tagId },
  { tags_data: [SAME.tagId], tags_mode: 'all' },
  { tags_data: ['etNobody'], tags_mode: 'exclude' },
  { type: 1 },
  { 类型: 1 },
  { time: [SAME.createtime, SAME.createtime] },
  { time: [SAME.createtime] },
  { remark: SAME.remark },
];

const FOUND_UNLESS_LOST: object[] = [
  { status: 1 },
  { remark: SAME.remark.slice(0, 2), status: 1, tags_data: SAME.tagId },
];

export const notLost = ({ follows }: Side) => follows.filter(({ status }) => status === 1);

const FOUND_BY_SAME_MEMBER: object[] = [
  { member: SAME.uid },
  { employee_member: SAME.userid },
  { member: SAME.uid, employee_member: SAME.userid, customer: SAME.name, remark: SAME.remark },
];

/** The expected page that holds all rows, with their counts, tags and employees. */
function pageOf({ uniacid, enterpriseId, mark, own }: Side, follows: Side['follows']) {
  return {
    data: follows.map(({ id, externalUserid, userid, uid }) => ({
      id,
      uniacid,
      crop_id: enterpriseId,
      userid,
      external_userid: externalUserid,
      remark: `${SAME.remark}${mark}`,
      tag_name: `自有标签${mark},标签${mark}`,
      has_one_customer: {
        uniacid,
        crop_id: enterpriseId,
        external_userid: externalUserid,
        uid,
        name: `${SAME.name}${mark}`,
      },
      has_one_employee: { uniacid, business_id: enterpriseId, user_id: userid, name: `李雷${mark}` },
    })),
    total: follows.length,
    count: follows.length,
    last_page: 1,
    to: follows.length || null,
    next_page_url: null,
    tag: [own.tagId, SAME.tagId].map((tag_id) => ({ uniacid, crop_id: enterpriseId, tag_id })),
    employee: [own.userid, SAME.userid].map((user_id) => ({ user_id, name: `李雷${mark}` })),
  };
}

/** Follows the page links as a client does: every row once, and as many pages as rows. */
async function followPages(ask: Ask, first: ReturnType<typeof request>, own: Side): Promise<void> {
  const total = own.follows.length;
  let next: ReturnType<typeof request> | undefined = first;
  for (const [n, { id }] of own.follows.entries()) {
    const page = { current_page: n + 1, total, count: total, last_page: total, data: [{ id }] };
    const { data } = await ask(next!, { result: 1, data: page });
    const link = data.next_page_url as string | null;
    next = link ? { path: link.replace(/^https?:\/\/[^/]+/, ''), method: 'GET' } : undefined;
  }
  expect(next).toBeUndefined();
}

/** A token is valid for its own user only, whatever uid is sent beside it. */
export async function expectNotSignedIn(
  ask: Ask,
  to: ReturnType<typeof request>,
  own: Side,
  other: Side,
): Promise<void> {
  await ask({ ...to, ...basic(own.userId, other.token) }, NOT_SIGNED_IN);
  await ask({ ...to, ...basic(other.userId, own.token) }, NOT_SIGNED_IN);
}

export function request(method: Method, { uniacid }: Pick<Side, 'uniacid'>, route: string, parameters: object = {}) {
  const path = `/business/${uniacid}/${route}`;
  return method === 'GET' ? { path: `${path}?${stringify(parameters)}`, method } : { path, method, json: parameters };
}
