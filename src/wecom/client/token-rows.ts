import type { DataSource, EntityManager } from 'typeorm';
import { dialectOf } from '../../database/dialect';
import { isDuplicateKey } from '../../database/errors';
import { insertRows } from '../../database/insert';
import { inTransaction } from '../../database/transaction';
import { WecomToken } from './token.entity';

/** What a process that needs a token has to do. */
export type Claim =
  /** Use this one, encrypted. */
  | { kind: 'token'; sealed: string; useUntil: number }
  /** Fetch one: the lease is ours. */
  | { kind: 'lease' }
  /** Wait: another process fetches one. */
  | { kind: 'wait' }
  /** Not ask: WeCom has refused corp or secret. */
  | { kind: 'refused'; errcode: number };

interface Row {
  token: string;
  useUntil: number;
  leaseUntil: number;
  refusedCode: number;
  refusedUntil: number;
}

/**
 * Decides what to do about a token. One process gets the lease.
 * @param isUsable whether an encrypted token will do if it has not expired; told each one that is seen
 * @param owner names the process that asks
 * @param leaseMs how long the lease lasts unless it is renewed
 */
export async function claim(
  dataSource: DataSource,
  pair: string,
  isUsable: (sealed: string) => boolean,
  owner: string,
  leaseMs: number,
): Promise<Claim> {
  await ensureRow(dataSource, pair);
  return inTransaction(dataSource, async (manager) => {
    const row = await lockedRow(manager, pair);
    const now = Date.now();
    if (!row) return { kind: 'wait' }; // `credential remove` has just taken it away
    if (row.refusedUntil > now) return { kind: 'refused', errcode: row.refusedCode };
    if (isUsable(row.token) && row.useUntil > now) {
      return { kind: 'token', sealed: row.token, useUntil: row.useUntil };
    }
    if (row.leaseUntil > now) return { kind: 'wait' };
    await manager.update(WecomToken, { pair }, { leaseOwner: owner, leaseUntil: now + leaseMs });
    return { kind: 'lease' };
  });
}

/** @returns false if another process has the lease by now */
export async function renewLease(
  dataSource: DataSource,
  pair: string,
  owner: string,
  leaseMs: number,
): Promise<boolean> {
  return inTransaction(dataSource, async (manager) => {
    const [row] = await manager.query<{ owner: string }[]>(
      `SELECT lease_owner AS owner FROM wecom_token WHERE pair = ? ${dialectOf(dataSource).forUpdate}`,
      [pair],
    );
    if (row?.owner !== owner) return false;
    await manager.update(WecomToken, { pair }, { leaseUntil: Date.now() + leaseMs });
    return true;
  });
}

/** Ends a lease of ours, with what came of it. */
export async function endLease(
  { manager }: DataSource,
  pair: string,
  leaseOwner: string,
  outcome: Partial<Pick<WecomToken, 'token' | 'useUntil' | 'refusedCode' | 'refusedUntil'>>,
): Promise<void> {
  await manager.update(WecomToken, { pair, leaseOwner }, { ...outcome, leaseOwner: '', leaseUntil: 0 });
}

/** Forgets token and refusal, so that the next call asks WeCom again. */
export async function forgetToken(manager: EntityManager, pair: string): Promise<void> {
  await manager.delete(WecomToken, { pair });
}

async function ensureRow(dataSource: DataSource, pair: string): Promise<void> {
  if (await dataSource.manager.existsBy(WecomToken, { pair })) return;
  await insertRows(dataSource.manager, WecomToken, { pair }).catch((error: unknown) => {
    if (!isDuplicateKey(error)) throw error; // another process was faster
  });
}

async function lockedRow(manager: EntityManager, pair: string): Promise<Row | undefined> {
  const [row] = await manager.query<Row[]>(
    `SELECT token, use_until AS useUntil, lease_until AS leaseUntil, refused_code AS refusedCode,
       refused_until AS refusedUntil
     FROM wecom_token WHERE pair = ? ${dialectOf(manager.dataSource).forUpdate}`,
    [pair],
  );
  return row;
}
