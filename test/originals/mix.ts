import { randomBytes } from 'node:crypto';
import type { Account, Customer, MixData, Relation } from './mix-data';
import { Came, isEmpty, numberOf } from './requests';

/* A MixIOT as its document and the contract describe it (CONTRACT 1). */

interface Session {
  account: Account;
  refreshToken: string;
}

class Refused extends Error {
  constructor(
    readonly code: number,
    readonly mixCode: number,
    message: string,
    readonly detail = '',
  ) {
    super(message);
  }
}

const badParameter = (detail: string) => new Refused(500, 230011, `请求参数错误：${detail}`, detail);
const businessFailure = (sentence: string) => new Refused(500, 230001, sentence);
const signedOut = (sentence: string) => new Refused(401, 230014, sentence);

type Row = Relation | Customer;
type Route = (mix: Mix, params: Record<string, unknown>, account: Account) => { msg?: string; result: unknown };

export class Mix {
  private readonly sessions = new Map<string, Session>();

  constructor(readonly data: MixData) {}

  /** What the token can do ends, as after its two hours. */
  expireTokens(): void {
    this.sessions.clear();
  }

  answer({ path, headers, params }: Came): object {
    const route = path.slice('/api/'.length);
    try {
      if (route === 'login' || route === 'app/login') return envelope(200, '登录成功', 130002, '', this.login(params));
      if (route === 'refresh_token') return envelope(200, '编辑成功', 130001, '', this.refresh(params));
      const account = this.accountOf(headers.authorization);
      const serve = ROUTES[route];
      if (!serve) throw businessFailure('接口不存在');
      const { msg = '查询成功', result } = serve(this, params, account);
      return envelope(200, msg, 130001, '', result);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return envelope(error.code, error.message, error.mixCode, error.detail, []);
    }
  }

  private login({ username, password, keep_alive = '' }: Record<string, unknown>): object {
    const account = this.data.accounts.find((each) => each.username === username && each.password === password);
    if (!account) throw businessFailure('用户名或密码错误');
    return this.open(account, String(keep_alive));
  }

  private refresh({ refresh_token }: Record<string, unknown>): object {
    const [token, session] = [...this.sessions].find(([, each]) => each.refreshToken === refresh_token) ?? [];
    if (!session) throw signedOut('Token已过期，请重新登录');
    this.sessions.delete(token!);
    return this.open(session.account, '');
  }

  private open(account: Account, keep_alive: string): object {
    const [token, refresh_token] = [randomBytes(16).toString('hex'), randomBytes(32).toString('hex')];
    this.sessions.set(token, { account, refreshToken: refresh_token });
    return { ...shown(account), ticket: token, refresh_token, keep_alive, token };
  }

  private accountOf(authorization: string | undefined): Account {
    if (authorization === undefined) throw signedOut('Token不存在，请重新登录');
    const [, token] = /^Bearer (\S+)$/.exec(authorization) ?? [];
    if (!token) throw signedOut('Token不合法，请重新登录');
    const session = this.sessions.get(token);
    if (!session) throw signedOut('Token已过期，请重新登录');
    return session.account;
  }
}

const ROUTES: Readonly<Record<string, Route>> = {
  user: (_mix, _params, account) => ({ result: shown(account) }),
  'user_customer/get_list': relationList,
  'm/user_customer/get_list': relationList,
  'user_customer/get': ({ data }, params, account) => {
    const [user, customer] = [required(params, 'user_id'), required(params, 'customer_id')];
    assertOwn(account, user);
    const found = data.relations.find((row) => row.user_id === user && row.customer_id === customer);
    if (!found) throw businessFailure('记录不存在');
    return { result: found };
  },
  'user_customer/get_customer_list': ({ data }, params, account) => {
    const user = required(params, 'user_id');
    assertOwn(account, user);
    return {
      result: page(
        data.relations.filter((row) => row.user_id === user),
        params,
      ),
    };
  },
  'customer/get_all_list': ({ data }, params, account) => {
    if (account.is_super === 0) throw businessFailure('无权操作客户');
    return { msg: 'success', result: page(data.customers, params) };
  },
  'customer/get_list': ({ data }, params, account) => {
    const own = new Set(data.relations.flatMap((row) => (row.user_id === account.user_id ? row.customer_id : [])));
    const rows = data.customers.filter(({ customer_id }) => own.has(customer_id));
    return { msg: 'success', result: page(rows.map(seenBy(account)), params) };
  },
  'customer/get': ({ data }, params, account) => {
    const id = required(params, 'customer_id');
    const found = data.customers.find(({ customer_id }) => customer_id === id);
    if (!found) throw businessFailure('记录不存在');
    return { msg: 'success', result: seenBy(account)(found) };
  },
};

const seenBy =
  ({ is_super }: Account) =>
  (row: Customer): Customer =>
    is_super ? row : { ...row, secret: '' };

function relationList({ data }: Mix, params: Record<string, unknown>, { user_id, is_super }: Account) {
  const rows = is_super ? data.relations : data.relations.filter((row) => row.user_id === user_id);
  return { result: page(rows, params) };
}

function assertOwn({ user_id, is_super }: Account, user: number): void {
  if (is_super === 0 && user_id !== user) throw businessFailure('无权操作该用户的数据');
}

function required(params: Record<string, unknown>, name: string): number {
  const number = numberOf(params[name]);
  if (number === undefined) throw badParameter(`${name} 不能为空`);
  return number;
}

function shown({ user_id, username, is_super }: Account): object {
  const texts = { mobile: '', description: '', extension: '', email: '', address: '', reference: '' };
  return { user_id, username, is_super, ...texts, created: '2018-11-28 10:00:00' };
}

function envelope(code: number, msg: string, mix_code: number, mix_msg: string, result: unknown): object {
  return { code, msg, mix_code, mix_msg, mix_ext: '', result };
}

/** A page of the rows that pass: newest first, those without a time last, then by ids (CONTRACT 1.3). */
function page(rows: readonly Row[], params: Record<string, unknown>): object {
  const found = rows.filter(passing(params)).sort(newestFirst);
  if (['1', 'true'].includes(String(params.is_all))) {
    return { page_index: 1, page_size: found.length, ...totals(found, found.length), data: found };
  }
  const page_index = positive(params, 'page_index', 1);
  const page_size = positive(params, 'page_size', 20);
  if (page_size > 1000) throw badParameter('page_size 不能大于1000');
  const start = (page_index - 1) * page_size;
  return { page_index, page_size, ...totals(found, page_size), data: found.slice(start, start + page_size) };
}

const totals = ({ length }: Row[], size: number) => ({
  total_pages: length === 0 ? 0 : Math.ceil(length / size),
  total_records: length,
});

function positive(params: Record<string, unknown>, name: string, byDefault: number): number {
  if (isEmpty(params[name])) return byDefault;
  const number = numberOf(params[name]);
  if (number === undefined || number < 1) throw badParameter(`${name} 必须是大于0的整数`);
  return number;
}

function newestFirst(one: Row, other: Row): number {
  const [a, b] = [one.created ?? '', other.created ?? ''];
  if (a !== b) return a < b ? 1 : -1;
  if (one.customer_id !== other.customer_id) return other.customer_id - one.customer_id;
  return 'user_id' in one && 'user_id' in other ? other.user_id - one.user_id : 0;
}

function passing({ condition, start_time, end_time }: Record<string, unknown>): (row: Row) => boolean {
  const tests: ((row: any) => boolean)[] = [];
  if (!isEmpty(start_time))
    tests.push(({ created }) => created !== null && created >= secondOf(start_time, '00:00:00'));
  if (!isEmpty(end_time)) tests.push(({ created }) => created !== null && created <= secondOf(end_time, '23:59:59'));
  for (const [key, operator, value] of triplesOf(condition))
    tests.push((row) => compares(row[key], operator, key, value));
  return (row) => tests.every((test) => test(row));
}

type Triple = [key: string, operator: string, value: string | number];

function triplesOf(condition: unknown): Triple[] {
  if (isEmpty(condition)) return [];
  return (typeof condition === 'string' ? JSON.parse(condition) : condition) as Triple[];
}

/** As SQL compares: null with nothing, text by bytes, LIKE as contains without regard to case. */
function compares(stored: string | number | null, operator: string, key: string, given: string | number): boolean {
  if (stored === null) return false;
  if (operator.toUpperCase() === 'LIKE') {
    const part = String(given).replace(/^%/, '').replace(/%$/, '');
    return String(stored).toLowerCase().includes(part.toLowerCase());
  }
  const isNumber = typeof stored === 'number';
  const value = isNumber ? Number(given) : key === 'created' ? secondOf(given, '00:00:00') : String(given);
  const order = isNumber
    ? stored - (value as number)
    : Buffer.compare(Buffer.from(String(stored)), Buffer.from(String(value)));
  const isSo: Record<string, boolean> = {
    '=': order === 0,
    '!=': order !== 0,
    '<>': order !== 0,
    '>': order > 0,
    '<': order < 0,
    '>=': order >= 0,
    '<=': order <= 0,
  };
  if (!(operator in isSo)) throw badParameter('condition 的运算符不支持');
  return isSo[operator]!;
}

/** A date alone is a second of that day. */
function secondOf(given: unknown, timeOfBareDate: string): string {
  const text = String(given).trim();
  return text.includes(' ') ? text : `${text} ${timeOfBareDate}`;
}
