import type { EntityManager } from 'typeorm';
import { wallClock } from '../../base/time';
import { idsOf } from '../../database/pages';
import { sameTextSql } from '../../database/same-text';
import type { Tenant } from '../../enterprise/tenant';
import { endFollows } from '../../wechat-customers/write/end-follows';
import type { RunContext } from './run-context';
import { addCounts, employeesOf } from './runs';

/** The brake holds no run that would lose fewer: a small enterprise loses a large share of its follows easily. */
const NEVER_HELD_BELOW = 10;

/** Bounds the follows ended in one transaction, in which the enterprise's other writers wait. */
const ENDED_AT_ONCE = 200;

/**
 * The live follows of an employee whose list came complete that were on none of the run's pages. One that was added, or
 * changed by an event or a write-back, after the list was begun is not among them.
 */
const LOST = `SELECT follow.id
  FROM wecom_run_employee employee
  JOIN wechat_follow follow ON follow.uniacid = ? AND follow.crop_id = ? AND follow.deleted_at IS NULL
    AND ${sameTextSql('follow.userid', 'employee.userid')} AND follow.status = 1
    AND follow.createtime < employee.begun_at AND follow.touched_revision <= employee.begun_revision
  LEFT JOIN wecom_run_seen seen ON seen.run_id = employee.run_id AND seen.follow_id = follow.id
  WHERE employee.run_id = ? AND employee.userid = ? AND employee.state = 'done' AND seen.follow_id IS NULL
  ORDER BY follow.id`;

/**
 * Whether a loss is more than the enterprise may lose without a confirmation.
 * @param added by the run itself: they were not there to be lost
 */
export async function isTooMany(
  manager: EntityManager,
  { uniacid, enterpriseId }: Tenant,
  { lost, added }: { lost: number; added: number },
  maxPercent: number,
): Promise<boolean> {
  if (lost < NEVER_HELD_BELOW) return false;
  const [row] = await manager.query<{ live: number | string }[]>(
    'SELECT COUNT(*) AS live FROM wechat_follow WHERE uniacid = ? AND crop_id = ? AND deleted_at IS NULL AND status = 1',
    [uniacid, enterpriseId],
  );
  return lost * 100 > (Number(row!.live) - added) * maxPercent;
}

/** The follows that a run would end, of one employee. */
interface Lost {
  ids: number[];
  /** The enterprise's revision when the employee's list was begun. */
  asked: number;
}

/** The follows that the run would end, by employee. */
export async function findLost({ dataSource, tenant, runId }: RunContext): Promise<Lost[]> {
  const lost: Lost[] = [];
  for (const { userid, begunRevision } of await employeesOf(dataSource.manager, runId, ['done'])) {
    const rows = await dataSource.manager.query<{ id: number }[]>(LOST, [
      ...[tenant.uniacid, tenant.enterpriseId],
      ...[runId, userid],
    ]);
    if (rows.length > 0) lost.push({ ids: idsOf(rows), asked: begunRevision });
  }
  return lost;
}

/** Ends the follows, in small transactions. What an event or a write-back changed since the list was begun stays. */
export async function endLost(context: RunContext, lost: Lost[]): Promise<void> {
  for (const { ids, asked } of lost) {
    for (let i = 0; i < ids.length; i += ENDED_AT_ONCE) {
      const batch = ids.slice(i, i + ENDED_AT_ONCE);
      await context.transaction(async (manager) => {
        const ended = await endFollows(manager, context.tenant, batch, { by: 'sync', at: wallClock(), asked });
        await addCounts(manager, context.runId, { lost: ended });
      });
    }
  }
}
