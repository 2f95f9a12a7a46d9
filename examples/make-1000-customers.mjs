// Creates customers 900001 to 901000, for walk-1000-customers.mjs. Those that exist stay as they are.
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError } from '../client/dist/index.js';
import { hub } from './hub.mjs';

const FIRST = 900_001;
const AT_ONCE = 10;
const PROVINCES = ['广东省', '浙江省', '江苏省', '四川省', '湖北省'];

let next = FIRST;
let added = 0;

async function addCustomers() {
  while (next < FIRST + 1000) await addCustomer(next++);
}

async function addCustomer(id) {
  const province = PROVINCES[id % PROVINCES.length];
  try {
    await hub.customers.add({ customer_id: id, customer_name: `客户${id}`, secret: 'DEMO', province });
    added++;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.message === '客户已存在') return;
    if (!error.retryAfter) throw error;
    await sleep(error.retryAfter * 1000); // the server is busy; asking again is safe, as it adds no customer twice
    await addCustomer(id);
  }
}

await Promise.all(Array.from({ length: AT_ONCE }, addCustomers)); // they share one sign-in
console.log(`${added} customers added`);
