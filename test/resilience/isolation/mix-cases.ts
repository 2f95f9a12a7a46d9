import { badParameter, NOT_FOUND, NOT_YOUR_DATA, rejected, succeeded, TOKEN_EXPIRED, TOKEN_ILLEGAL } from '../../mix';
import type { Ask, Case } from './ask';
import { SAME, Side } from './world';

const NOBODY = 999_999;
const UNKNOWN_CUSTOMER = 9_999_999;

/** Family A: a request that names another user is refused; lists show one's own rows whatever they are asked. */
export const mixCases: Record<string, Case> = {
  'POST /api/login': async (ask, own, others) => {
    await ask(login(own), { code: 200, result: { user_id: own.userId, username: own.username } });
    for (const other of others) {
      await ask(login({ ...other, password: own.password }), rejected('用户名或密码错误'));
    }
  },

  'POST /api/app/login': async (ask, own, others) => {
    const enter = (json: object) => ({ path: '/api/app/login', json: { system: 'APP', ...json } });
    await ask(enter({ username: own.mark, password: own.password }), { code: 200, result: { user_id: own.userId } });
    for (const { username, mark } of others) {
      for (const name of [username, mark]) {
        await ask(enter({ username: name, password: own.password }), rejected('用户名或密码错误'));
      }
    }
  },

  'POST /api/check_ticket': async (ask, own, others) => {
    const check = (json: object) => ask({ path: '/api/check_ticket', json }, { result: { user_id: own.userId } });
    await check({ ticket: own.token });
    for (const { userId, username } of others) await check({ ticket: own.token, user_id: userId, username });
  },

  'POST /api/refresh_token': async (ask, own, others) => {
    for (const { userId, token } of others) {
      const json = { refresh_token: own.refreshToken, user_id: userId };
      const { result } = await ask(
        { path: '/api/refresh_token', json, token },
        { code: 200, result: { user_id: own.userId } },
      );
      await ask({ path: '/api/user' }, TOKEN_EXPIRED);
      Object.assign(own, { token: result.token, refreshToken: result.refresh_token });
      await ask({ path: '/api/refresh_token', json }, TOKEN_EXPIRED);
    }
  },

  'POST /api/user': async (ask, own, others) => {
    const itself = succeeded('查询成功', expect.objectContaining({ user_id: own.userId, mobile: own.mark }));
    await ask({ path: '/api/user' }, itself);
    for (const other of others) {
      await ask({ path: '/api/user', json: { user_id: other.userId } }, itself);
      await ask({ path: `/api/user?user_id=${other.userId}` }, badParameter('参数须放在请求体中'));
      await ask({ path: '/api/user', ...basic(own.userId, other.token) }, TOKEN_ILLEGAL);
      await ask({ path: '/api/user', ...basic(other.userId, own.token) }, TOKEN_ILLEGAL);
    }
  },

  'POST /api/user/reset_password': (...given) => resetPassword('/api/user/reset_password', ...given),
  'POST /api/reset_password': (...given) => resetPassword('/api/reset_password', ...given),

  'POST /api/logout': async (ask, own, others) => {
    for (const other of others) {
      const { result } = await ask(login(own), { code: 200 });
      const json = { user_id: other.userId, token: other.token, ticket: other.token };
      await ask({ path: '/api/logout', json, token: result.token }, { code: 200 });
      await ask({ path: '/api/user', token: result.token }, TOKEN_EXPIRED);
      await ask({ path: '/api/logout', ...basic(own.userId, other.token) }, TOKEN_ILLEGAL);
    }
  },

  'POST /api/user_customer/get_list': async (ask, own, others) => {
    const list = (json: object, customers: number[]) => expectList(ask, 'get_list', json, own, customers);
    await expectPages(ask, 'get_list', {}, own, own.customers);
    await list({ condition: [['customer_id', '=', SAME.customers[0]]] }, SAME.customers.slice(0, 1));
    await list({ condition: [['template', 'LIKE', '模板']], start_time: '2024-01-01' }, own.customers);
    await list({ condition: [['user_id', '!=', own.userId]] }, []);
    await list({ condition: [['user_id', '>=', 0]] }, own.customers);
    for (const other of others) {
      const { userId, mark, customers } = other;
      await list({ user_id: userId }, own.customers);
      await list({ condition: [['user_id', '=', userId]] }, []);
      await list({ condition: [['customer_id', '=', customers.at(-1)!]] }, []);
      for (const key of ['template', 'script', 'reference']) await list({ condition: [[key, 'LIKE', mark]] }, []);
      await list({ condition: [['reference', '!=', `参考${mark}`]] }, own.customers);
    }
  },

  'POST /api/m/user_customer/get_list': async (ask, own, others) => {
    const data = own.customers.map((customer_id) => ({ user_id: own.userId, customer_id }));
    for (const { userId: user_id } of [own, ...others]) {
      const path = '/api/m/user_customer/get_list';
      await ask({ path, json: { user_id, is_all: 1 } }, { result: { total_records: data.length, data } });
    }
  },

  'POST /api/user_customer/get_customer_list': async (ask, own, others) => {
    await expectPages(ask, 'get_customer_list', { user_id: own.userId }, own, own.customers);
    await refuseOf(ask, 'get_customer_list', others);
  },

  'POST /api/user_customer/get': async (ask, own, others) => {
    for (const customer_id of own.customers) {
      const row = { user_id: own.userId, customer_id, reference: `参考${own.mark}` };
      await ask(post('get', { user_id: own.userId, customer_id }), { code: 200, result: row });
    }
    await refuseOf(ask, 'get', others);
    for (const pair of pairsWithTheirCustomers(own, others)) await ask(post('get', pair), NOT_FOUND);
  },

  'POST /api/user_customer/add': async (ask, own, others) => {
    await refuseOf(ask, 'add', others, { secret: SAME.secret });
    for (const customer_id of SAME.customers) {
      const add = { user_id: own.userId, customer_id, secret: SAME.secret };
      await ask(post('add', add), rejected('已关注该客户'));
      await ask(post('delete', add), { code: 200 });
      await ask(post('add', { ...add, ...textsOf(own) }), { code: 200 });
      await ask(post('get', add), { result: { user_id: own.userId, customer_id, reference: `参考${own.mark}` } });
    }
  },

  'POST /api/user_customer/edit': async (ask, own, others) => {
    await refuseOf(ask, 'edit', others, textsOf(own));
    await refuseOf(ask, 'edit', others);
    for (const pair of pairsWithTheirCustomers(own, others)) {
      await ask(post('edit', { ...pair, ...textsOf(own) }), NOT_FOUND);
    }
    for (const customer_id of own.customers) {
      await ask(post('edit', { user_id: own.userId, customer_id, ...textsOf(own) }), { code: 200 });
    }
  },

  'POST /api/user_customer/delete': async (ask, own, others) => {
    await refuseOf(ask, 'delete', others);
    for (const pair of pairsWithTheirCustomers(own, others)) await ask(post('delete', pair), NOT_FOUND);
    for (const customer_id of SAME.customers) {
      await ask(post('delete', { user_id: own.userId, customer_id }), { code: 200 });
      await ask(post('delete', { user_id: own.userId, customer_id }), NOT_FOUND);
    }
    await followAgain(ask, own);
  },

  'POST /api/user_customer/multi_delete': async (ask, own, others) => {
    const theirs = others.flatMap(({ customers }) => customers.filter((id) => !SAME.customers.includes(id)));
    for (const { userId: user_id } of others) {
      await ask(post('multi_delete', { user_id, customer_id: [...theirs, ...SAME.customers] }), NOT_YOUR_DATA);
    }
    await ask(post('multi_delete', { user_id: own.userId, customer_id: theirs }), NOT_FOUND);
    const followed = [...theirs, ...SAME.customers];
    await ask(post('multi_delete', { user_id: own.userId, customer_id: followed }), { code: 200 });
    const left = own.customers.filter((id) => !SAME.customers.includes(id));
    await expectPages(ask, 'get_customer_list', { user_id: own.userId }, own, left);
    await followAgain(ask, own);
  },
};

/** The password is set to itself, so that the other cases find the side as it was. */
async function resetPassword(path: string, ask: Ask, own: Side, others: Side[]): Promise<void> {
  const reset = (old_password: string, more: object = {}) => ({
    path,
    json: { old_password, new_password: own.password, ...more },
  });
  for (const { userId, username, password } of others) {
    await ask(reset(password, { user_id: userId, username }), rejected('原密码错误'));
    await ask(reset(own.password, { user_id: userId, username }), { code: 200 });
  }
}

const post = (route: string, json: object) => ({ path: `/api/user_customer/${route}`, json });

const login = ({ username, password }: Side) => ({ path: '/api/login', json: { username, password } });

const textsOf = ({ mark }: Side) => ({ template: `模板${mark}`, script: `脚本${mark}`, reference: `参考${mark}` });

export function basic(uid: number, token: string) {
  return { headers: { authorization: `Basic ${Buffer.from(`${uid}:${token}`).toString('base64')}` } };
}

/**
 * A customer followed by all, one followed only by the other, and an unknown one: all are refused in the same words.
 */
async function refuseOf(ask: Ask, route: string, others: Side[], more: object = {}): Promise<void> {
  for (const { userId: user_id, customers } of [...others, { userId: NOBODY, customers: SAME.customers }]) {
    for (const customer_id of [customers[0], customers.at(-1), UNKNOWN_CUSTOMER]) {
      await ask(post(route, { user_id, customer_id, ...more }), NOT_YOUR_DATA);
    }
  }
}

async function followAgain(ask: Ask, own: Side): Promise<void> {
  for (const customer_id of SAME.customers) {
    const add = { user_id: own.userId, customer_id, secret: SAME.secret, ...textsOf(own) };
    await ask(post('add', add), { code: 200 });
  }
}

/** One's own id with a customer that only the other follows. */
function pairsWithTheirCustomers({ userId }: Side, others: Side[]) {
  return others.map(({ customers }) => ({ user_id: userId, customer_id: customers.at(-1) }));
}

/** The list on one page: its rows, their number and the number of pages. */
async function expectList(ask: Ask, route: string, json: object, own: Side, customers: number[]): Promise<void> {
  const data = customers.map((customer_id) => ({ user_id: own.userId, customer_id }));
  const page = { total_records: data.length, total_pages: Math.ceil(data.length / 20), data };
  await ask(post(route, json), { code: 200, result: page });
}

/** The same, then one row per page, to the end and beyond it. */
async function expectPages(ask: Ask, route: string, json: object, own: Side, customers: number[]): Promise<void> {
  await expectList(ask, route, json, own, customers);
  const total_records = customers.length;
  for (let page_index = 1; page_index <= total_records + 1; page_index++) {
    const data = customers
      .slice(page_index - 1, page_index)
      .map((customer_id) => ({ user_id: own.userId, customer_id }));
    const page = { page_index, total_pages: total_records, total_records, data };
    await ask(post(route, { ...json, page_index, page_size: 1 }), { code: 200, result: page });
  }
}
