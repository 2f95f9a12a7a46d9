import { randomBytes } from 'node:crypto';
import { Came, isEmpty, numberOf } from './requests';
import { BUSINESS_ID, Contact, Employee, Follow, Tag, UNIACID, WechatData } from './wechat-data';

/* A 芸众 as its document and the contract describe it (CONTRACT 2). */

interface Session {
  /** 0: none is chosen. */
  businessId: number;
}

export interface Reply {
  body: object;
  /** Of a new session. */
  cookie?: string;
}

const COOKIE = 'yz_session';
const MANAGER = { uid: 7001, mobile: '13800001000', username: 'admin', password: 'original-admin' };

const good = (data: unknown, msg = 'ok') => ({ result: 1, msg, data });
const bad = (msg: string, data: unknown = []) => ({ result: 0, msg, data });
const SIGNED_OUT = bad('请登录', { login_status: 1 });
const NOT_CHOSEN = bad('请先选择要管理的企业', { login_status: 2 });
const NO_ROUTE = bad('不存在的接口');

export class Wechat {
  /** For `Authorization: Basic base64(uid:token)`. */
  readonly token = { uid: MANAGER.uid, token: randomBytes(16).toString('hex') };
  private readonly sessions = new Map<string, Session>();
  private readonly byToken: Session = { businessId: 0 };

  constructor(readonly data: WechatData) {}

  expireSessions(): void {
    this.sessions.clear();
  }

  answer(came: Came, origin: string): Reply {
    if (came.path.startsWith('/addons/yun_shop/')) return this.shop(came);
    const [, uniacid, route = ''] = /^\/business\/(\d+)\/(.+)$/.exec(came.path) ?? [];
    const session = this.sessionOf(came);
    if (!session) return { body: SIGNED_OUT };
    if (Number(uniacid) !== UNIACID) return { body: bad('无权管理该企业') };
    if (route === 'admin/businessList') return { body: good(businessList(session), '成功') };
    if (route === 'admin/manageBusiness') return { body: choose(session, came.params) };
    const serve = PLUGIN[route];
    if (!serve) return { body: NO_ROUTE };
    if (session.businessId === 0) return { body: NOT_CHOSEN };
    return { body: serve(this.data, came.params, origin + came.path) };
  }

  private shop({ query, params }: Came): Reply {
    if (query.route === 'member.login.login-mode') {
      return { body: good({ mobile_login_code: 0, sms: { captcha: { status: 0 } } }, '成功') };
    }
    if (query.route !== 'member.login.index') return { body: NO_ROUTE };
    const { mobile, password } = params;
    const isKnown = [MANAGER.mobile, MANAGER.username].includes(String(mobile)) && password === MANAGER.password;
    if (!isKnown) return { body: bad('用户名或密码错误') };
    const id = randomBytes(20).toString('hex');
    this.sessions.set(id, { businessId: 0 });
    return { body: good([], '登录成功'), cookie: `${COOKIE}=${id}; Path=/; HttpOnly; SameSite=Strict` };
  }

  private sessionOf({ headers }: Came): Session | undefined {
    const { uid, token } = this.token;
    if (headers.authorization === `Basic ${Buffer.from(`${uid}:${token}`).toString('base64')}`) return this.byToken;
    const [, id = ''] = new RegExp(`${COOKIE}=(\\w+)`).exec(headers.cookie ?? '') ?? [];
    return this.sessions.get(id);
  }
}

function businessList({ businessId }: Session): object {
  const identity = { identity: 2, identity_desc: '管理员', identity_type: 2 };
  return {
    platform_list: [{ id: BUSINESS_ID, logo_img: '', name: '芸众', ...identity }],
    final_plat_id: businessId,
    business_list: [{ id: BUSINESS_ID, name: '芸众' }],
    business_id: businessId,
  };
}

function choose(session: Session, { id, identity_type }: Record<string, unknown>): object {
  const chosen = String(identity_type) === '1' ? 0 : (numberOf(id) ?? 0);
  if (chosen !== 0 && chosen !== BUSINESS_ID) return bad('无权管理该企业');
  session.businessId = chosen;
  return good([], '成功');
}

type Params = Record<string, unknown>;

const PLUGIN: Readonly<Record<string, (data: WechatData, params: Params, path: string) => object>> = {
  'plugin/WechatCustomers/getList': getList,
  'plugin/WechatCustomers/getDetails': getDetails,
  'plugin/WechatCustomers/getTagList': getTagList,
};

/** By what a row shows beside itself. */
interface Partners {
  contacts: Map<string, Contact>;
  employees: Map<string, Employee>;
  /** Newest first. */
  tags: Tag[];
}

function partnersIn({ contacts, employees, tags }: WechatData): Partners {
  return {
    contacts: new Map(contacts.map((contact) => [contact.external_userid, contact])),
    employees: new Map(employees.map((employee) => [employee.user_id, employee])),
    tags: [...tags].sort(byIdDown),
  };
}

const byIdDown = (one: { id: number }, other: { id: number }) => other.id - one.id;

function getList(data: WechatData, params: Params, path: string): object {
  const partners = partnersIn(data);
  const search = (params.search ?? {}) as Params;
  const tests = testsOf(search, partners);
  const found = data.follows.filter((row) =>
    tests.every((test) => test(row, partners.contacts.get(row.external_userid))),
  );
  const rows = found.sort(byIdDown);
  const perPage = isEmpty(params.per_page) ? 15 : (numberOf(params.per_page) ?? 0);
  if (perPage < 1 || perPage > 100) return bad('参数错误：per_page 不能大于100');
  const query = { ...(!isEmpty(params.per_page) && { per_page: String(perPage) }), ...appended(search) };
  const page = paginator(rows, params.page, perPage, path, query, (row) => shown(row, partners));
  const employee = [...data.employees].sort((a, b) => (a.user_id < b.user_id ? -1 : 1));
  const named = employee.map(({ user_id, name }) => ({ user_id, name }));
  return good({ ...page, count: rows.length, tag: partners.tags, employee: named });
}

function shown(row: Follow, { contacts, employees, tags }: Partners): object {
  const ids = row.tag_id.split(',');
  const tag_name = tags.filter(({ tag_id }) => ids.includes(tag_id)).map(({ name }) => name);
  return {
    ...row,
    tag_name: tag_name.join(','),
    has_one_customer: contacts.get(row.external_userid) ?? null,
    has_one_employee: employees.get(row.userid) ?? null,
  };
}

type Test = (row: Follow, contact?: Contact) => boolean;

const includes = (text: string, part: string) => text.toLowerCase().includes(part.toLowerCase());

/** The filters of getList that are given; a row passes all (CONTRACT 2.3). */
function testsOf(search: Params, { tags }: Partners): Test[] {
  const given = (name: string) => (isEmpty(search[name]) ? undefined : String(search[name]).trim());
  const tests: Test[] = [];
  const when = <Value>(value: Value | undefined, test: (value: Value) => Test) => {
    if (value !== undefined) tests.push(test(value));
  };
  when(
    given('customer'),
    (text) => (row, contact) => contact !== undefined && (includes(contact.name, text) || row.external_userid === text),
  );
  when(given('member'), (uid) => (_row, contact) => contact?.uid === Number(uid));
  when(
    given('add_way_type'),
    (way) =>
      ({ add_way }) =>
        add_way === String(Number(way)),
  );
  when(given('employee_member'), (userid) => (row) => row.userid === userid);
  when(given('type') ?? given('类型'), (type) => (_row, contact) => contact?.external_type === Number(type));
  when(given('status'), (status) => (row) => row.status === Number(status));
  when(
    given('remark'),
    (text) =>
      ({ remark }) =>
        includes(remark, text),
  );
  const [from, to] = timesOf(search.time);
  when(
    from,
    (time) =>
      ({ createtime }) =>
        createtime >= time,
  );
  when(
    to,
    (time) =>
      ({ createtime }) =>
        createtime <= time,
  );
  const known = new Set(tags.map(({ tag_id }) => tag_id));
  when(tagTest(tagsOf(search.tags_data), given('tags_mode') ?? 'any', known), (test) => test);
  return tests;
}

function tagTest(asked: string[], mode: string, known: Set<string>): Test | undefined {
  const tagsOn = ({ tag_id }: Follow) => tag_id.split(',').filter((id) => known.has(id));
  if (mode === 'none') return (row) => tagsOn(row).length === 0;
  if (asked.length === 0) return undefined;
  if (mode === 'exclude') return (row) => !asked.some((id) => tagsOn(row).includes(id));
  if (mode === 'all') return (row) => asked.every((id) => tagsOn(row).includes(id));
  return (row) => asked.some((id) => tagsOn(row).includes(id));
}

function tagsOf(given: unknown): string[] {
  if (isEmpty(given)) return [];
  const texts = typeof given === 'object' ? Object.values(given as object).map(String) : [given as string];
  return [...new Set(texts.flatMap((text) => text.split(',')).filter((id) => id !== ''))];
}

/** Seconds; from 1e11 on they are milliseconds. */
function timesOf(given: unknown): (number | undefined)[] {
  if (isEmpty(given)) return [];
  const [from, to] = [0, 1].map((key) => numberOf((given as Record<number, unknown>)[key]));
  const inSeconds = (time: number) => (time >= 1e11 ? time / 1000 : time);
  return [
    from === undefined ? undefined : Math.ceil(inSeconds(from)),
    to === undefined ? undefined : Math.floor(inSeconds(to)),
  ];
}

/** The filters in force as page URLs carry them. */
function appended(search: Params): Record<string, string> {
  const pairs: [string, string][] = [];
  for (const [name, value] of Object.entries(search)) {
    if (isEmpty(value)) continue;
    if (name === 'time')
      timesOf(value).forEach((time, key) => pairs.push([`search[time][${key}]`, String(time ?? '')]));
    else if (name === 'tags_data') pairs.push(['search[tags_data]', tagsOf(value).join(',')]);
    else pairs.push([`search[${name === '类型' ? 'type' : name}]`, String(value)]);
  }
  return Object.fromEntries(pairs);
}

/** Laravel's LengthAwarePaginator. */
function paginator<Row>(
  rows: Row[],
  asked: unknown,
  per_page: number,
  path: string,
  query: Record<string, string>,
  show: (row: Row) => object,
): object {
  const current_page = Math.max(numberOf(asked) ?? 1, 1);
  const last_page = Math.max(Math.ceil(rows.length / per_page), 1);
  const start = (current_page - 1) * per_page;
  const data = rows.slice(start, start + per_page).map(show);
  const urlOf = (page: number) => `${path}?${new URLSearchParams({ page: String(page), ...query }).toString()}`;
  return {
    current_page,
    data,
    first_page_url: urlOf(1),
    from: data.length > 0 ? start + 1 : null,
    last_page,
    last_page_url: urlOf(last_page),
    next_page_url: current_page < last_page ? urlOf(current_page + 1) : null,
    path,
    per_page,
    prev_page_url: current_page > 1 ? urlOf(current_page - 1) : null,
    to: data.length > 0 ? start + data.length : null,
    total: rows.length,
  };
}

function getDetails(data: WechatData, { external_userid, userid }: Params): object {
  const found = data.follows.find((row) => row.external_userid === external_userid && row.userid === userid);
  if (!found) return bad('记录不存在');
  const partners = partnersIn(data);
  const ids = found.tag_id.split(',');
  const groups = partners.tags.filter(({ tag_id }) => ids.includes(tag_id)).map(({ group_name }) => group_name);
  return good({ ...shown(found, partners), group_name: [...new Set(groups)].join(','), type: 1 });
}

function getTagList(data: WechatData, { search, page }: Params, path: string): object {
  const name = ((search as { name?: string } | undefined)?.name ?? '').trim();
  const rows = partnersIn(data).tags.filter((tag) => includes(tag.name, name));
  const query: Record<string, string> = name === '' ? {} : { 'search[name]': name };
  return good(paginator(rows, page, 15, path, query, (tag) => ({ tag_id: tag.tag_id, name: tag.name })));
}
