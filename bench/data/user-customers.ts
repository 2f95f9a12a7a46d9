import type { DataSource } from 'typeorm';
import { wallClock } from '../../src/base/time';
import { ADDERS, ADMIN, BENCH, BIG_USER_ID, FIRST_USER_ID, userTable } from './accounts';
import { BulkInsert } from './bulk-insert';
import { LAST_MOMENT, SPAN_SECONDS } from './calendar';
import { personName } from './names';
import { Random, weighted } from './random';

const FIRST_CUSTOMER_ID = 1_000_001;
const RELATIONS_PER_CUSTOMER = 5;
const BIG_USER_SHARE = 0.05;
const BENCH_RELATIONS = 60;
/** The alphabet of the vendor's codes: no 0, 1, I, O. */
const SECRET_ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

const CUSTOMER_COLUMNS = ['customer_id', 'name', 'secret'] as const;
const RELATION_COLUMNS = [
  'user_id',
  'customer_id',
  'template',
  'script',
  'reference',
  'created',
  'is_available',
  'boss_sync',
] as const;

/** The number of customers a user follows: mostly 50 to 60, sometimes fewer, rarely many more. */
const followCount = weighted([
  [{ least: 50, most: 60 }, 80],
  [{ least: 5, most: 40 }, 15],
  [{ least: 100, most: 400 }, 5],
] as const);

/**
 * Fills family A: accounts, customers with their codes, and `count` relations.
 * @param report receives the number of relations added since the last call
 */
export async function fillUserCustomers(
  dataSource: DataSource,
  count: number,
  seed: number,
  report: (added: number) => void,
): Promise<void> {
  const random = new Random(seed);
  const customers = new BulkInsert(dataSource, 'customer', CUSTOMER_COLUMNS);
  const customerCount = Math.max(Math.ceil(count / RELATIONS_PER_CUSTOMER), 500);
  for (let n = 0; n < customerCount; n++) {
    const secret = Array.from({ length: 4 }, () => random.pick(SECRET_ALPHABET)).join('');
    await customers.add({ customer_id: FIRST_CUSTOMER_ID + n, name: personName(random), secret });
  }
  await customers.flush();

  const users = await userTable(dataSource);
  await users.add(ADMIN.userId, ADMIN.username, 1);
  await users.add(BENCH.userId, BENCH.username);
  await users.add(BIG_USER_ID);
  for (let n = 0; n < ADDERS.count; n++) await users.add(ADDERS.firstUserId + n);

  const relations = new BulkInsert(dataSource, 'user_customer', RELATION_COLUMNS);
  let left = count;
  const follow = async (userId: number, wanted: number) => {
    const size = Math.min(wanted, left);
    left -= size;
    for (const customer of distinct(size, customerCount, random)) {
      await relations.add(relationRow(userId, FIRST_CUSTOMER_ID + customer, random));
    }
    report(size);
  };
  await follow(BENCH.userId, BENCH_RELATIONS);
  await follow(BIG_USER_ID, Math.round(count * BIG_USER_SHARE));
  for (let userId = FIRST_USER_ID; left > 0; userId++) {
    await users.add(userId);
    const { least, most } = followCount(random);
    await follow(userId, random.between(least, most));
  }
  await users.table.flush();
  await relations.flush();
}

/** Yields `size` different numbers below `limit` without keeping a list of them: equal steps from a random start. */
function* distinct(size: number, limit: number, random: Random) {
  const step = random.between(1, Math.floor(limit / Math.max(size, 1)));
  const start = random.below(limit);
  for (let n = 0; n < size; n++) yield (start + n * step) % limit;
}

function relationRow(userId: number, customerId: number, random: Random) {
  const created = LAST_MOMENT - random.below(SPAN_SECONDS);
  return {
    user_id: userId,
    customer_id: customerId,
    template: random.chance(0.1) ? `{"style":"${random.id(6)}","columns":["name","mobile"]}` : null,
    script: random.chance(0.05) ? `return value > ${random.below(100)};` : null,
    reference: random.chance(0.3) ? `R${random.between(100_000, 999_999)}` : '',
    created: wallClock(new Date(created * 1000)),
    is_available: random.chance(0.95) ? 1 : 0,
    boss_sync: random.chance(0.2) ? 1 : 0,
  };
}
