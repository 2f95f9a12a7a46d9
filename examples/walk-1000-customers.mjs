// Walks all customers of family A and all follows of family B, and counts them.
import { rows } from '../client/dist/index.js';
import { enterprise, hub } from './hub.mjs';

const { uniacid } = enterprise;
const signal = AbortSignal.timeout(60_000); // for the whole walk

const provinces = new Map();
for await (const { province } of rows((page_index) =>
  hub.customers.getAllList({ page_index, page_size: 200 }, { signal }),
)) {
  provinces.set(province, (provinces.get(province) ?? 0) + 1);
}
const customers = [...provinces.values()].reduce((sum, count) => sum + count, 0);
console.log(`${customers} customers:`, Object.fromEntries(provinces));

await hub.enterprise.manageBusiness(enterprise);
let lost = 0;
let follows = 0;
for await (const { status } of rows((page) =>
  hub.wechatCustomers.getList({ uniacid, page, per_page: 100 }, { signal }),
)) {
  follows++;
  if (status === -1) lost++;
}
console.log(`${follows} follows, of which ${lost} are lost`);
