import { In } from 'typeorm';
import { listEmployee } from './employee-list';
import { codeOf, LimitReached, RunFailed } from './failures';
import { readFollowList } from './follow-list';
import { endLost, findLost, isTooMany } from './losses';
import type { RunContext } from './run-context';
import { RunEmployee } from './run-employee.entity';
import { Run, RunState } from './run.entity';
import { employeesOf, endRun, progressOf } from './runs';

/** Bounds of a run, from the settings. */
export interface Limits {
  /** Employees whose lists are read at once. */
  concurrency: number;
  /** Share of the live follows that a run may lose without a confirmation. */
  maxLossPercent: number;
}

/**
 * Carries out a run from its last checkpoint on, and ends it.
 * @throws RunLost, Interrupted, or the database's error: the run then stays under way
 */
export async function carryOut(context: RunContext, limits: Limits): Promise<void> {
  try {
    if ((await stageOf(context)) === 'lists') await readFollowList(context);
    await readEmployees(context, limits.concurrency);
    await end(context, limits.maxLossPercent);
  } catch (error) {
    if (!(error instanceof RunFailed)) throw error;
    await context.ending((manager) => endRun(manager, context.runId, 'failed', error.message));
  }
}

async function stageOf({ dataSource, runId }: RunContext) {
  const { stage } = await dataSource.manager.findOneByOrFail(Run, { id: runId });
  return stage;
}

/** Reads the lists that are not complete yet, some at once; after the first error no further one is begun. */
async function readEmployees(context: RunContext, concurrency: number): Promise<void> {
  const queue = await employeesOf(context.dataSource.manager, context.runId, ['waiting', 'listing']);
  const work = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) await listEmployee(context, next);
  };
  const workers = Array.from({ length: concurrency }, () =>
    work().catch((error: unknown) => {
      queue.length = 0;
      throw error;
    }),
  );
  const failed = (await Promise.allSettled(workers)).find((result) => result.status === 'rejected');
  if (failed?.reason instanceof LimitReached) await leaveRest(context, failed.reason);
  else if (failed) throw failed.reason;
}

/** Says of the lists that are not complete why they are not. */
async function leaveRest(context: RunContext, { message, cause }: LimitReached): Promise<void> {
  const rest = { runId: context.runId, state: In(['waiting', 'listing']) };
  const change = { state: 'failed', errcode: codeOf(cause), msg: message } as const;
  await context.transaction((manager) => manager.update(RunEmployee, rest, change));
}

/** Writes the losses, or holds the run when they are too many, and ends it. */
async function end(context: RunContext, maxLossPercent: number): Promise<void> {
  const { dataSource, tenant, runId, tags } = context;
  const lost = await findLost(context);
  const count = lost.flatMap(({ ids }) => ids).length;
  const { confirmed, followsNew: added, error } = await dataSource.manager.findOneByOrFail(Run, { id: runId });
  const failure = tags.failure || error; // of a process that had the run before
  if (!confirmed && (await isTooMany(dataSource.manager, tenant, { lost: count, added }, maxLossPercent))) {
    await context.transaction((manager) => endRun(manager, runId, 'held', failure, count));
    return;
  }
  await endLost(context, lost);
  await context.transaction(async (manager) => {
    const { employees, problems } = await progressOf(manager, runId);
    const isWhole = employees.failed + employees.missing + problems.length === 0 && failure === '';
    const state: RunState = isWhole ? 'ok' : 'partial';
    await endRun(manager, runId, state, failure);
  });
}
