import type { Ask, Case } from './ask';
import { expectNotSignedIn, FORBIDDEN, Method, request } from './business-cases';
import { SAME, Side } from './world';

const ADMIN = ['getBusinessCommonData', 'getBusinessSurvey', 'getApplicationList', 'pluginEnabled', 'cleanMemberCache'];
const SHOP = '/addons/yun_shop/api.php';

/** What the old front asks beside the list: everything is of the enterprise chosen and of the signed-in user. */
export const frontCases: Record<string, Case> = {
  ...both('plugin/WechatCustomers/getDetails', details),
  ...both('plugin/WechatCustomers/history', history),
  ...both('plugin/WechatCustomers/getTagList', tagList),
  ...both('plugin/WechatCustomers/myCustomerList', (...given) => mine('myCustomerList', ...given)),
  ...both('plugin/WechatCustomers/myLossCustomerList', (...given) => mine('myLossCustomerList', ...given)),
  ...Object.assign({}, ...ADMIN.map((name) => both(`admin/${name}`, (...given) => admin(name, ...given)))),
  ...shop('member.login.login-mode', { result: 1, data: { mobile_login_code: 0 } }),
  ...shop('plugin.business-pc.frontend.setting.index', { result: 1, data: { pc_favorite_icon_url: '' } }),
  ...shop('member.logout.index', { result: 1, data: [] }),
  [`POST ${SHOP}/member.login.index`]: signIn,
};

type Tried = (method: Method, ask: Ask, own: Side, others: Side[]) => Promise<void>;

export function both(route: string, tried: Tried): Record<string, Case> {
  return {
    [`GET /business/:uniacid/${route}`]: (...given) => tried('GET', ...given),
    [`POST /business/:uniacid/${route}`]: (...given) => tried('POST', ...given),
  };
}

/** Names by which a client may try to reach another enterprise. */
export function smuggled({ uniacid, enterpriseId, userId }: Side) {
  return { uniacid, crop_id: enterpriseId, business_id: enterpriseId, id: enterpriseId, uid: userId, user_id: userId };
}

export async function refuseOthers(method: Method, route: string, ask: Ask, own: Side, others: Side[]): Promise<void> {
  for (const other of others) {
    await expectNotSignedIn(ask, request(method, own, route), own, other);
    if (other.uniacid !== own.uniacid) await ask(request(method, other, route), FORBIDDEN);
  }
}

async function admin(name: string, method: Method, ask: Ask, own: Side, others: Side[]): Promise<void> {
  const route = `admin/${name}`;
  const parameters = { is_business: 1 };
  const expected: Record<string, object> = {
    getBusinessCommonData: {
      member: { uid: own.userId, mobile: own.mark, username: own.username },
      identity: 2,
      business: { business_name: `企业${own.mark}`, business_id: own.enterpriseId, uniacid: own.uniacid },
    },
    getBusinessSurvey: { id: own.enterpriseId, name: `企业${own.mark}`, member: { uid: own.userId } },
  };
  const answer = { result: 1, ...(expected[name] && { data: expected[name] }) };
  await ask(request(method, own, route, parameters), answer);
  for (const other of others) {
    await ask(request(method, own, route, { ...smuggled(other), ...parameters }), answer);
    await expectNotSignedIn(ask, request(method, own, route, parameters), own, other);
    const isOfEnterprise = name in expected || name === 'getApplicationList';
    if (isOfEnterprise && other.uniacid !== own.uniacid)
      await ask(request(method, other, route, parameters), FORBIDDEN);
  }
}

async function details(method: Method, ask: Ask, own: Side, others: Side[]): Promise<void> {
  const route = 'plugin/WechatCustomers/getDetails';
  const missing = { result: 0, msg: '记录不存在', data: [] };
  for (const { id, externalUserid, userid, uid } of own.follows) {
    const data = { id, has_one_customer: { uid, name: `${SAME.name}${own.mark}` }, tag_name: expect.any(String) };
    for (const more of [{}, ...others.map(smuggled)]) {
      const parameters = { ...more, external_userid: externalUserid, userid };
      await ask(request(method, own, route, parameters), { result: 1, data });
    }
  }
  for (const { own: theirs } of others) {
    const parameters = { external_userid: theirs.externalUserid, userid: theirs.userid };
    await ask(request(method, own, route, parameters), missing);
  }
  await refuseOthers(method, route, ask, own, others);
}

/** A follow's history by its id: those of others are unknown, whatever is smuggled in. */
async function history(method: Method, ask: Ask, own: Side, others: Side[]): Promise<void> {
  const route = 'plugin/WechatCustomers/history';
  for (const { id, status } of own.follows) {
    const list = status === -1 ? [{ event: 'lost', by: 'member', at: SAME.lostAt }] : [];
    for (const more of [{}, ...others.map(smuggled)]) {
      await ask(request(method, own, route, { ...more, id }), { result: 1, data: { list } });
    }
  }
  for (const { follows } of others) {
    const missing = { result: 0, msg: '记录不存在', data: [] };
    for (const { id } of follows) await ask(request(method, own, route, { id }), missing);
  }
  await refuseOthers(method, route, ask, own, others);
}

async function tagList(method: Method, ask: Ask, own: Side, others: Side[]): Promise<void> {
  const route = 'plugin/WechatCustomers/getTagList';
  const list = (parameters: object, tags: string[]) =>
    ask(request(method, own, route, parameters), {
      result: 1,
      data: { total: tags.length, data: tags.map((tag_id) => ({ tag_id })) },
    });
  const all = [own.own.tagId, SAME.tagId];
  await list({}, all);
  await list({ search: { name: '标签' } }, all);
  for (const other of others) {
    await list(smuggled(other), all);
    await list({ search: { name: other.mark } }, []);
  }
  await refuseOthers(method, route, ask, own, others);
}

/** Every account is bound to the employee `Same`, who exists in every enterprise. */
async function mine(name: string, method: Method, ask: Ask, own: Side, others: Side[]): Promise<void> {
  const route = `plugin/WechatCustomers/${name}`;
  const isLost = name === 'myLossCustomerList';
  const follows = own.follows.filter(({ userid, status }) => userid === SAME.userid && (!isLost || status === -1));
  const lost = isLost ? { loss_time: SAME.lostAt } : {};
  const page = { total: follows.length, data: follows.map(({ id, status }) => ({ id, status, ...lost })) };
  const list = (parameters: object, data: object) => ask(request(method, own, route, parameters), { result: 1, data });
  await list({}, page);
  await list({ search: { employee_member: own.own.userid } }, page);
  for (const other of others) {
    const { own: theirs } = other;
    await list({ ...smuggled(other), search: { ...smuggled(other), employee_member: theirs.userid } }, page);
    await list({ search: { customer: theirs.externalUserid } }, { total: 0, data: [] });
  }
  await refuseOthers(method, route, ask, own, others);
}

/** Public routes: they say the same to all, and sign out nobody who is named by a header only. */
function shop(route: string, expected: object): Record<string, Case> {
  const tried = async (method: Method, ask: Ask, own: Side, others: Side[]) => {
    for (const { uniacid } of [own, ...others]) {
      await ask({ path: `${SHOP}?i=${uniacid}&type=5&route=${route}`, method }, expected);
    }
    await ask(request('POST', own, 'admin/businessList'), { result: 1 });
  };
  return {
    [`GET ${SHOP}/${route}`]: (...given) => tried('GET', ...given),
    [`POST ${SHOP}/${route}`]: (...given) => tried('POST', ...given),
  };
}

async function signIn(ask: Ask, own: Side, others: Side[]): Promise<void> {
  const enter = (mobile: string, password: string, i: number) => ({
    path: `${SHOP}?i=${i}&type=5&route=member.login.index`,
    json: { mobile, password, login_type: 5 },
    token: '',
  });
  await ask(enter(own.username, own.password, own.uniacid), { result: 1, msg: '登录成功' });
  for (const other of others) {
    const refused = { result: 0, msg: '用户名或密码错误', data: [] };
    await ask(enter(other.username, own.password, other.uniacid), refused);
    await ask(enter(other.mark, own.password, other.uniacid), refused);
  }
}
