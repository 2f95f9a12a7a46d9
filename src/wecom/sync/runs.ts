import type { DataSource, EntityManager } from 'typeorm';
import { In } from 'typeorm';
import { wallClock } from '../../base/time';
import { dialectOf } from '../../database/dialect';
import { insertRows } from '../../database/insert';
import { sameText } from '../../database/same-text';
import { inTransaction, sendChange } from '../../database/transaction';
import { placeholders } from '../../database/where';
import type { Tenant } from '../../enterprise/tenant';
import { RunEmployee } from './run-employee.entity';
import { Run, RunState } from './run.entity';

/** Runs kept of an enterprise, to look back at. */
const KEPT_RUNS = 30;

/** Problems told of a run, one an employee. */
const MAX_PROBLEMS = 100;

/** Bounds the rows of one statement that deletes. */
const DELETED_AT_ONCE = 5_000;

/** What a page, or a batch of losses, adds to a run. */
export type Counts = Partial<Record<'seen' | 'new' | 'changed' | 'lost' | 'returned', number>>;

/** How many employees of a run are in each state, and what could not be read. */
export interface Progress {
  employees: { total: number; done: number; failed: number; missing: number };
  problems: { userid: string; errcode: number; msg: string }[];
}

/**
 * Starts a run, unless one is under way: that one is returned, and confirmed if this call is.
 * @param since no run is started when one began at this wall clock or later
 */
export function startRun(
  dataSource: DataSource,
  { uniacid, enterpriseId, corpId }: Tenant & { corpId: string },
  confirmed: boolean,
  since = '9999',
): Promise<{ run: Run; isNew: boolean }> {
  const { forUpdate } = dialectOf(dataSource);
  return inTransaction(dataSource, async (manager) => {
    // One caller at a time, in all processes: the enterprise's row is there before any run.
    await manager.query(`SELECT id FROM enterprise WHERE id = ? ${forUpdate}`, [enterpriseId]);
    const last = await latestRun(manager, { uniacid, enterpriseId });
    if (last && last.state !== 'running' && last.startedAt! >= since) return { run: last, isNew: false };
    if (last?.state === 'running') {
      if (confirmed) await manager.update(Run, { id: last.id }, { confirmed: 1 });
      return { run: last, isNew: false };
    }
    const startedAt = wallClock();
    await insertRows(manager, Run, { uniacid, enterpriseId, corpId, confirmed: Number(confirmed), startedAt });
    return { run: (await latestRun(manager, { uniacid, enterpriseId }))!, isNew: true };
  });
}

/** The newest run of an enterprise, under way or not; null before the first. */
export async function latestRun(manager: EntityManager, { uniacid, enterpriseId }: Tenant): Promise<Run | null> {
  const [run] = await manager.find(Run, { where: { uniacid, enterpriseId }, order: { id: 'DESC' }, take: 1 });
  return run ?? null;
}

/** The ids of the runs under way that no process carries out. */
export async function abandonedRuns(dataSource: DataSource): Promise<number[]> {
  const { clockMs } = dialectOf(dataSource);
  const runs = await dataSource.manager.query<{ id: number }[]>(
    `SELECT id FROM wecom_run WHERE state = 'running' AND lease_until < ${clockMs}`,
  );
  return runs.map(({ id }) => id);
}

export async function progressOf(manager: EntityManager, runId: number): Promise<Progress> {
  const states = await manager.query<{ state: string; n: number | string }[]>(
    'SELECT state, COUNT(*) AS n FROM wecom_run_employee WHERE run_id = ? GROUP BY state',
    [runId],
  );
  const number = (state: string) => Number(states.find((row) => row.state === state)?.n ?? 0);
  const [done, failed, missing] = [number('done'), number('failed'), number('missing')];
  const total = done + failed + number('waiting') + number('listing');
  const problems = await manager.query<Progress['problems']>(
    `SELECT userid, errcode, msg FROM wecom_run_employee WHERE run_id = ? AND msg <> '' ORDER BY userid
     LIMIT ${MAX_PROBLEMS}`,
    [runId],
  );
  return { employees: { total, done, failed, missing }, problems };
}

/** Adds to the counters of a run. */
export async function addCounts(manager: EntityManager, runId: number, counts: Counts): Promise<void> {
  const added = Object.entries(counts).filter(([, count]) => count > 0);
  if (added.length === 0) return;
  const set = added.map(([name]) => `follows_${name} = follows_${name} + ?`).join(', ');
  await manager.query(`UPDATE wecom_run SET ${set} WHERE id = ?`, [...added.map(([, count]) => count), runId]);
}

/** Changes where an employee's list stands. */
export async function setEmployee(
  manager: EntityManager,
  runId: number,
  userid: string,
  change: Partial<RunEmployee>,
): Promise<void> {
  await manager.update(RunEmployee, { runId, userid: sameText(userid) }, change);
}

export function employeesOf(manager: EntityManager, runId: number, states: RunEmployee['state'][]) {
  return manager.find(RunEmployee, { where: { runId, state: In(states) }, order: { userid: 'ASC' } });
}

/** @returns how many of them no page of the run had before */
export async function addSeen(manager: EntityManager, runId: number, followIds: number[]): Promise<number> {
  if (followIds.length === 0) return 0;
  const { insertIfNew } = dialectOf(manager.dataSource);
  const rows = followIds.map(() => '(?, ?)').join(', ');
  return sendChange(manager, {
    sql: `${insertIfNew} wecom_run_seen (run_id, follow_id) VALUES ${rows}`,
    values: followIds.flatMap((id) => [runId, id]),
  });
}

/** Ends a run; the caller holds its lease. */
export async function endRun(manager: EntityManager, id: number, state: RunState, error: string, wouldLose = 0) {
  await manager.update(Run, { id }, { state, error, wouldLose, endedAt: wallClock(), waitingUntil: null });
}

/** Deletes what ended runs have seen, and runs beyond those kept, in small statements. */
export async function pruneRuns(dataSource: DataSource, enterpriseId: number): Promise<void> {
  const { manager } = dataSource;
  const runs = await manager.find(Run, {
    select: { id: true, state: true },
    where: { enterpriseId },
    order: { id: 'DESC' },
  });
  for (const { id } of runs.filter(({ state }) => state !== 'running')) await forgetSeen(manager, id);
  const old = runs.slice(KEPT_RUNS).map(({ id }) => id);
  if (old.length === 0) return;
  await manager.query(`DELETE FROM wecom_run_employee WHERE run_id IN (${placeholders(old)})`, old);
  await manager.query(`DELETE FROM wecom_run WHERE id IN (${placeholders(old)})`, old);
}

async function forgetSeen(manager: EntityManager, runId: number): Promise<void> {
  for (;;) {
    const [end] = await manager.query<{ follow_id: number }[]>(
      `SELECT follow_id FROM wecom_run_seen WHERE run_id = ? ORDER BY follow_id LIMIT 1 OFFSET ${DELETED_AT_ONCE}`,
      [runId],
    );
    const condition = end ? 'run_id = ? AND follow_id < ?' : 'run_id = ?';
    await manager.query(`DELETE FROM wecom_run_seen WHERE ${condition}`, end ? [runId, end.follow_id] : [runId]);
    if (!end) return;
  }
}
