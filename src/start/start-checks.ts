import { DataSource, In } from 'typeorm';
import { User } from '../auth/entities/user.entity';
import { verifyPassword } from '../auth/passwords';
import type { Env } from '../config/env';
import { DatabaseNotReady } from '../database/errors';
import { accounts } from '../schema/demo/mix';
import { tablesAre } from '../database/migrated';
import { whyNotWritable } from '../database/writable';

/** @throws DatabaseNotReady for a replica, a Galera node without quorum, a file owned by another user … */
export async function assertWritable(dataSource: DataSource): Promise<void> {
  const obstacle = await whyNotWritable(dataSource);
  if (obstacle) throw new DatabaseNotReady(`the database of DATABASE_URL takes no writes (${obstacle})`);
}

/** @throws DatabaseNotReady when migrations are pending, or some were run that this program does not know */
export async function assertMigrated(dataSource: DataSource): Promise<void> {
  const tables = await tablesAre(dataSource);
  if (tables === 'older')
    throw new DatabaseNotReady(
      'the tables are not up to date: npm run cli -- migrate, in an image node dist/src/cli.js migrate',
    );
  if (tables === 'newer') {
    throw new DatabaseNotReady('the tables belong to a newer customer-hub: run that one, or take its migrations back');
  }
}

/** True for a trial run: on SQLite, reachable from this machine only, and not in production. */
export function isTry({ DATABASE_URL, HOST, NODE_ENV }: Env): boolean {
  const isLoopback = HOST === 'localhost' || HOST === '::1' || HOST.startsWith('127.');
  return DATABASE_URL.startsWith('sqlite:') && isLoopback && NODE_ENV !== 'production';
}

/**
 * Refuses the demo accounts' passwords, which the README publishes, unless this is a trial run or DEMO_DATA=true.
 * @throws DatabaseNotReady naming the account
 */
export async function assertNoPublicPassword(dataSource: DataSource, env: Env): Promise<void> {
  if (isTry(env) || env.DEMO_DATA) return;
  const username = In(accounts.map((account) => account.username));
  for (const user of await dataSource.manager.findBy(User, { username, isAvailable: 1 })) {
    const demo = accounts.find((account) => account.username === user.username);
    if (!demo || !(await verifyPassword(user.passwordHash, demo.password))) continue;
    throw new DatabaseNotReady(
      `account ${user.username} has its public demo password: npm run cli -- account password ${user.username}, or DEMO_DATA=true to allow it`,
    );
  }
}
