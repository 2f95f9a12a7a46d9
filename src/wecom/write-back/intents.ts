import { randomUUID } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import { EntryActor, note } from '../../audit/note';
import { wallClock } from '../../base/time';
import { dialectOf } from '../../database/dialect';
import { isDuplicateKey } from '../../database/errors';
import type { SqlValue } from '../../database/sql';
import { inTransaction, send, sendChange } from '../../database/transaction';
import type { Tenant } from '../../enterprise/tenant';
import type { Follow } from '../../wechat-customers/entities/follow.entity';
import { readRevision } from '../../wechat-customers/search-index/revisions';
import { LOST } from '../../wechat-customers/write/compare';
import { storeWritten, Written } from '../../wechat-customers/write/store-written';
import { changeOf, FollowChange, namesCorp, noted, Wish } from './follow-change';
import { REASONS } from './reasons';

/** What a process that is gone was writing is settled by another one after this time. */
const LEASE_MS = 15_000;
/** Three chances to renew before the lease ends. */
const RENEW_MS = 5_000;

/** An intent that this process is writing or settling. */
export interface HeldIntent {
  tenant: Tenant;
  followId: number;
  /** Names the lease. */
  owner: string;
  /** Of the follow. */
  userid: string;
  externalUserid: string;
  change: FollowChange;
  actor: EntryActor | null;
  /** How often it was tried to be settled, this time included. */
  tries: number;
}

/** What a wish comes to before WeCom hears of it. */
export type Begun =
  | { kind: 'begun'; intent: HeldIntent; asked: number }
  | { kind: 'unchanged' }
  | { kind: 'refused'; reason: string }
  /** Another write of the follow is under way, or is left to be settled. */
  | { kind: 'busy' };

/** The lease of an intent has run out and is another process's. */
export class IntentLost extends Error {}

type FollowRow = Written & Pick<Follow, 'userid' | 'externalUserid' | 'status' | 'externalType'>;

const FOLLOW = `userid, external_userid AS externalUserid, status, external_type AS externalType, remark, description,
  remark_corp_name AS remarkCorpName, remark_mobiles AS remarkMobiles, tag_id AS tagId`;

/**
 * Writes down what is to change of a follow, under a lease, before WeCom hears of it.
 * @returns `asked`: the revision of follows before the write, for {@link finish}
 */
export async function begin(
  dataSource: DataSource,
  tenant: Tenant,
  followId: number,
  wish: Wish,
  actor: EntryActor,
): Promise<Begun> {
  const owner = randomUUID();
  const { clockMs, forUpdate } = dialectOf(dataSource);
  const { uniacid, enterpriseId } = tenant;
  try {
    return await inTransaction(dataSource, async (manager): Promise<Begun> => {
      // Locked first, so that all reads after it see what the last write of the follow left.
      const [follow] = await send<FollowRow>(manager, {
        sql: `SELECT ${FOLLOW} FROM wechat_follow
              WHERE id = ? AND uniacid = ? AND crop_id = ? AND deleted_at IS NULL ${forUpdate}`,
        values: [followId, uniacid, enterpriseId],
      });
      if (!follow) return { kind: 'refused', reason: REASONS.unknown };
      if (follow.status === LOST) return { kind: 'refused', reason: REASONS.lost };
      const others = await send(manager, {
        sql: 'SELECT 1 FROM wecom_write WHERE follow_id = ?',
        values: [followId],
      });
      if (others.length > 0) return { kind: 'busy' };
      const change = changeOf(wish, follow);
      if (!change) return { kind: 'unchanged' };
      if (namesCorp(change) && follow.externalType === WECOM_CONTACT) {
        return { kind: 'refused', reason: REASONS.wecomContact };
      }
      await sendChange(manager, {
        sql: `INSERT INTO wecom_write
                (follow_id, uniacid, enterprise_id, changes, actor_id, actor, lease_owner, lease_until, tries, created_at)
              VALUES (?, ?, ?, ?, ?, ?, ?, ${clockMs} + ${LEASE_MS}, 0, ?)`,
        values: [
          ...[followId, uniacid, enterpriseId, JSON.stringify(change), actor.userId, actor.username, owner],
          wallClock(),
        ],
      });
      const { userid, externalUserid } = follow;
      const intent = { tenant, followId, owner, userid, externalUserid, change, actor, tries: 0 };
      return { kind: 'begun', intent, asked: await readRevision(manager, tenant) };
    });
  } catch (error) {
    if (isDuplicateKey(error)) return { kind: 'busy' }; // another process was faster
    throw error;
  }
}

/** The type of a contact who uses WeCom. */
const WECOM_CONTACT = 2;

/** The follows whose intents nobody holds, the longest waiting first. */
export async function waiting({ manager }: DataSource, limit: number): Promise<number[]> {
  const { clockMs } = dialectOf(manager.dataSource);
  const rows = await manager.query<{ id: number }[]>(
    `SELECT follow_id AS id FROM wecom_write WHERE lease_until < ${clockMs} ORDER BY lease_until LIMIT ${limit}`,
  );
  return rows.map(({ id }) => id);
}

/**
 * Takes an intent that nobody holds, to settle it.
 * @param isEarly whether a pause after a failure is cut short
 * @returns undefined if somebody holds it, or there is none
 */
export async function claim(
  dataSource: DataSource,
  followId: number,
  isEarly = false,
): Promise<HeldIntent | undefined> {
  const owner = randomUUID();
  const { clockMs } = dialectOf(dataSource);
  return inTransaction(dataSource, async (manager) => {
    const taken = await sendChange(manager, {
      sql: `UPDATE wecom_write SET lease_owner = ?, lease_until = ${clockMs} + ${LEASE_MS}, tries = tries + 1
            WHERE follow_id = ? AND (lease_until < ${clockMs} ${isEarly ? "OR lease_owner = ''" : ''})`,
      values: [owner, followId],
    });
    if (taken === 0) return undefined;
    const [row] = await send<IntentRow>(manager, { sql: CLAIMED, values: [followId] });
    if (row?.userid !== null && row) return held(row, owner);
    await sendChange(manager, ended(followId, owner)); // the follow is gone
    return undefined;
  });
}

interface IntentRow extends Tenant {
  followId: number;
  changes: string;
  actorId: number | null;
  actor: string | null;
  tries: number;
  /** Null without the follow, as is the next. */
  userid: string | null;
  externalUserid: string | null;
}

const CLAIMED = `SELECT intent.follow_id AS followId, intent.uniacid, intent.enterprise_id AS enterpriseId, intent.changes,
    intent.actor_id AS actorId, intent.actor, intent.tries, follow.userid, follow.external_userid AS externalUserid
  FROM wecom_write intent
  LEFT JOIN wechat_follow follow ON follow.id = intent.follow_id AND follow.uniacid = intent.uniacid
    AND follow.crop_id = intent.enterprise_id AND follow.deleted_at IS NULL
  WHERE intent.follow_id = ?`;

function held({ followId, uniacid, enterpriseId, ...row }: IntentRow, owner: string): HeldIntent {
  return {
    tenant: { uniacid, enterpriseId },
    followId,
    owner,
    userid: row.userid!,
    externalUserid: row.externalUserid!,
    change: JSON.parse(row.changes) as FollowChange,
    actor: row.actor === null ? null : { userId: row.actorId, username: row.actor },
    tries: row.tries,
  };
}

/** An intent with what its follow is called by now: the employee may have been renamed since it was begun. */
export async function asNamed({ manager }: DataSource, intent: HeldIntent): Promise<HeldIntent> {
  const { uniacid, enterpriseId } = intent.tenant;
  const [names] = await manager.query<Pick<HeldIntent, 'userid' | 'externalUserid'>[]>(
    `SELECT userid, external_userid AS externalUserid FROM wechat_follow WHERE id = ? AND uniacid = ? AND crop_id = ?`,
    [intent.followId, uniacid, enterpriseId],
  );
  return { ...intent, ...names };
}

/** Renews the lease of an intent while work goes on; the work's signal is aborted once the lease is lost. */
export async function whileHeld<Result>(
  { manager }: DataSource,
  { followId, owner }: HeldIntent,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const lost = new AbortController();
  const { clockMs } = dialectOf(manager.dataSource);
  const renewal = {
    sql: `UPDATE wecom_write SET lease_until = ${clockMs} + ${LEASE_MS} WHERE follow_id = ? AND lease_owner = ?`,
    values: [followId, owner],
  };
  const renew = async () => {
    const renewed = await inTransaction(manager.dataSource, (within) => sendChange(within, renewal));
    if (renewed === 0) lost.abort(new IntentLost());
  };
  // A failure is tried again with the next turn; `finish` tells whether the lease was lost meanwhile.
  const timer = setInterval(() => void renew().catch(() => undefined), RENEW_MS);
  try {
    return await work(AbortSignal.any([outer, lost.signal]));
  } finally {
    clearInterval(timer);
  }
}

/**
 * Ends an intent with what WeCom has now: the follow changes and the intent goes in one transaction.
 * @param asked the revision of follows before WeCom heard of the write, or was asked
 * @param change gives what the stored properties become
 * @param isDone whether WeCom has what the user wanted: then the audit log has it, too
 * @returns false, and ends nothing, if the follow was changed by an event since then
 * @throws IntentLost
 */
export function finish(
  dataSource: DataSource,
  { tenant, followId, owner, change: wanted, actor }: HeldIntent,
  asked: number,
  change: (stored: Written) => Partial<Written>,
  isDone: boolean,
): Promise<boolean> {
  return inTransaction(dataSource, async (manager) => {
    if (!(await storeWritten(manager, tenant, followId, asked, change))) return false;
    await endWithin(manager, followId, owner);
    if (isDone) {
      const { enterpriseId } = tenant;
      await note(manager, {
        ...({ kind: 'follow', action: 'edit', actor, enterpriseId } as const),
        changes: noted(followId, wanted),
      });
    }
    return true;
  });
}

/** Ends an intent that WeCom did not take. @throws IntentLost */
export function drop(dataSource: DataSource, { followId, owner }: HeldIntent): Promise<void> {
  return inTransaction(dataSource, (manager) => endWithin(manager, followId, owner));
}

async function endWithin(manager: EntityManager, followId: number, owner: string): Promise<void> {
  if ((await sendChange(manager, ended(followId, owner))) === 0) throw new IntentLost();
}

const ended = (followId: number, owner: string) => ({
  sql: 'DELETE FROM wecom_write WHERE follow_id = ? AND lease_owner = ?',
  values: [followId, owner] satisfies SqlValue[],
});

/** Leaves an intent to be settled after a pause. */
export async function postpone(
  dataSource: DataSource,
  { followId, owner }: HeldIntent,
  pauseMs: number,
): Promise<void> {
  const { clockMs } = dialectOf(dataSource);
  await dataSource.manager.query(
    `UPDATE wecom_write SET lease_owner = '', lease_until = ${clockMs} + ? WHERE follow_id = ? AND lease_owner = ?`,
    [pauseMs, followId, owner],
  );
}
