import type { DataSource } from 'typeorm';
import { hashPassword } from '../../src/auth/passwords';
import { BulkInsert } from './bulk-insert';
import { ENTERPRISES } from './enterprises';

/** The password of every account. Its hash is salted, hence the only column that differs between runs. */
export const PASSWORD = 'bench-password';

/** Has is_super, manages every enterprise and has chosen enterprise 1. */
export const ADMIN = { userId: 1000, username: 'admin' };
/** A typical user with about sixty relations; belongs to enterprise 1. */
export const BENCH = { userId: 998, username: 'bench' };
/** Has 5 % of all relations of family A. */
export const BIG_USER_ID = 500_000;
/** Users without relations: the benchmark of `add` signs in as each of them. */
export const ADDERS = { firstUserId: 900_001, count: 100 };
/** The id of the first of all other users of family A. */
export const FIRST_USER_ID = 1_000_001;

const USER_COLUMNS = ['user_id', 'username', 'password_hash', 'is_super', 'created'] as const;

/** Adds users who can sign in with {@link PASSWORD}. */
export async function userTable(dataSource: DataSource) {
  const table = new BulkInsert(dataSource, 'user', USER_COLUMNS);
  const passwordHash = await hashPassword(PASSWORD);
  return {
    table,
    add: (userId: number, username = `user-${userId}`, isSuper = 0) =>
      table.add({
        user_id: userId,
        username,
        password_hash: passwordHash,
        is_super: isSuper,
        created: '2024-06-01 09:00:00',
      }),
  };
}

/** Fills the enterprises and the rights to manage them. */
export async function fillEnterprises(dataSource: DataSource): Promise<void> {
  const enterprises = new BulkInsert(dataSource, 'enterprise', ['id', 'uniacid', 'name']);
  const rights = new BulkInsert(dataSource, 'enterprise_right', ['uniacid', 'business_id', 'user_id', 'identity']);
  const choices = new BulkInsert(dataSource, 'enterprise_choice', ['user_id', 'uniacid', 'business_id']);
  const [first] = ENTERPRISES;
  for (const { id, uniacid, name } of ENTERPRISES) {
    await enterprises.add({ id, uniacid, name });
    await rights.add({ uniacid, business_id: id, user_id: ADMIN.userId, identity: 2 });
  }
  await rights.add({ uniacid: first.uniacid, business_id: first.id, user_id: BENCH.userId, identity: 1 });
  await choices.add({ user_id: ADMIN.userId, uniacid: first.uniacid, business_id: first.id });
  await choices.add({ user_id: BENCH.userId, uniacid: first.uniacid, business_id: first.id });
  for (const table of [enterprises, rights, choices]) await table.flush();
}
