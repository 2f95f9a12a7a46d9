import { NOT_FOUND, rejected } from '../../mix';
import type { Ask, Case } from './ask';
import { SAME, Side } from './world';

const ONLY_SUPER = rejected('无权操作客户资料');

/** The customers of family A: one's own are those one follows; changing them is for is_super, whatever is asked. */
export const customerCases: Record<string, Case> = {
  'POST /api/customer/get_list': async (ask, own, others) => {
    const list = (json: object, customers: number[]) => expectList(ask, json, customers);
    await list({}, own.customers);
    await list({ is_all: 1 }, own.customers);
    await list({ condition: [['customer_id', '=', SAME.customers[0]]] }, SAME.customers.slice(0, 1));
    await list({ condition: [['customer_id', '>', 0]] }, own.customers);
    for (const { userId, mark, customers } of others) {
      await list({ user_id: userId, is_super: 1 }, own.customers);
      await list({ condition: [['customer_id', '=', customers.at(-1)!]] }, []);
      await list({ condition: [['customer_name', 'LIKE', mark]] }, []);
    }
  },

  'POST /api/customer/get': async (ask, own, others) => {
    for (const customer_id of own.customers) {
      await ask(post('get', { customer_id }), { code: 200, result: { customer_id, secret: '' } });
    }
    for (const { userId, customers } of others) {
      await ask(post('get', { customer_id: customers.at(-1), user_id: userId }), NOT_FOUND);
    }
  },

  'POST /api/customer/get_all_list': (ask, own) => refuse(ask, 'get_all_list', own, {}),
  'POST /api/customer/add': (ask, own) => refuse(ask, 'add', own, { customer_name: '新', secret: 'ABCD' }),
  'POST /api/customer/edit': (ask, own) => refuse(ask, 'edit', own, { customer_name: '新' }),
  'POST /api/customer/delete': (ask, own) => refuse(ask, 'delete', own, {}),
};

const post = (route: string, json: object) => ({ path: `/api/customer/${route}`, json });

/** A customer that all follow, one that nobody but oneself follows, and an unknown one. */
async function refuse(ask: Ask, route: string, own: Side, more: object): Promise<void> {
  for (const customer_id of [SAME.customers[0], own.customers.at(-1), 9_999_999]) {
    await ask(post(route, { customer_id, is_super: 1, user_id: 1000, ...more }), ONLY_SUPER);
  }
}

/** The list on one page, then one row per page. The customers' own order is not the relations'. */
async function expectList(ask: Ask, json: object, customers: number[]): Promise<void> {
  const data = [...customers].sort((a, b) => b - a).map((customer_id) => ({ customer_id, secret: '' }));
  await ask(post('get_list', json), { code: 200, result: { total_records: data.length, data } });
  if ('is_all' in json) return;
  for (const [n, row] of data.entries()) {
    const paging = { page_index: n + 1, page_size: 1 };
    const page = { ...paging, total_pages: data.length, total_records: data.length, data: [row] };
    await ask(post('get_list', { ...json, ...paging }), { code: 200, result: page });
  }
}
