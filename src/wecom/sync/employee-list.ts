import type { EntityManager } from 'typeorm';
import { dialectOf } from '../../database/dialect';
import { isDatabaseAway } from '../../database/errors';
import { storeEmployees } from '../../wechat-customers/write/employees';
import type { SeenFollow } from '../../wechat-customers/write/seen';
import { storeFollows } from '../../wechat-customers/write/store-follows';
import { readRevision } from '../../wechat-customers/search-index/revisions';
import { getByUser } from '../client/api/contacts';
import { endAdded } from '../callbacks/work/end';
import { currentUserid, hasLeftAfter } from '../callbacks/work/known-events';
import { Cursors } from '../client/cursors';
import { isWecomFault, sentenceOf, WecomUnavailable } from '../client/errors';
import type { WecomApi } from '../client/wecom-client';
import { toEmployee, toSeenFollow, toTagIds } from '../to-follow';
import { codeOf, faultOfRun, Interrupted, RunFailed } from './failures';
import { RunLost } from './lease';
import type { RunContext } from './run-context';
import { Run } from './run.entity';
import type { RunEmployee } from './run-employee.entity';
import { addCounts, addSeen, setEmployee } from './runs';

type Page = Awaited<ReturnType<WecomApi['follows']>>;

/** WeCom refused the cursor: the list begins again. */
const BAD_CURSOR = 50100;

/** "No external-contact relation": what WeCom says of an employee without customers. */
const NO_RELATION = 84061;

/** A list that WeCom breaks off more often than this is given up. */
const MAX_RESTARTS = 3;

/** The column's length. */
const MAX_MSG = 255;

/** A rename this long before the list was begun may still be missing in WeCom's answers, in seconds. */
const RENAME_SECONDS = 600;

/**
 * Reads and stores one employee's own data and list of follows. A page's rows and the cursor of the next one are one
 * transaction, so that a run taken over asks for no stored page again.
 * @throws RunFailed, LimitReached for what would befall every other employee as well
 */
export async function listEmployee(context: RunContext, employee: RunEmployee): Promise<void> {
  const list = new EmployeeList(context, employee);
  try {
    if (employee.state === 'waiting') await list.begin();
    await list.readPages();
  } catch (error) {
    if (isOfThisProcess(error)) throw error;
    if (!isWecomFault(error)) context.logger.error({ err: error }, `employee ${employee.userid} cannot be stored`);
    const failure = { errcode: codeOf(error), msg: sentenceOf(error).slice(0, MAX_MSG) };
    await context.transaction((manager) => list.set(manager, { state: 'failed', ...failure }));
    const ofRun = faultOfRun(error);
    if (ofRun) throw ofRun;
  }
}

/** Says nothing of the employee: the run goes on, here or in another process. */
const isOfThisProcess = (error: unknown) =>
  error instanceof RunFailed || error instanceof RunLost || error instanceof Interrupted || isDatabaseAway(error);

class EmployeeList {
  private readonly userid: string;
  private cursors = new Cursors(getByUser.path);
  /** Whether a page had rows; of one that was stored before a take-over it is not known. */
  private mayHaveRows: boolean;

  constructor(
    private readonly context: RunContext,
    private readonly employee: RunEmployee,
  ) {
    this.userid = employee.userid;
    this.mayHaveRows = employee.cursor !== null;
  }

  /** Stores the employee, and the moment from which on the list speaks of what was there before. */
  async begin(): Promise<void> {
    const begun = await this.context.transaction(async (manager) => {
      const begunRevision = await readRevision(manager, this.context.tenant);
      const begunAt = await clockSeconds(manager);
      await this.set(manager, { begunRevision, begunAt });
      return { begunRevision, begunAt };
    });
    Object.assign(this.employee, begun);
    const { employees, problem } = await this.readProfile();
    await this.context.transaction(async (manager) => {
      const isRenamed = (await this.currentUserid(manager)) !== this.userid;
      const hasLeft = await hasLeftAfter(manager, this.context.tenant, this.userid, this.employee.begunAt);
      if (!isRenamed && !hasLeft) await storeEmployees(manager, this.context.tenant, employees);
      await this.set(manager, { state: 'listing', ...problem });
    });
  }

  /** Stores the pages from the last checkpoint on, until WeCom gives no further cursor. */
  async readPages(): Promise<void> {
    let cursor = this.employee.cursor ?? '';
    do {
      const asked = await readRevision(this.context.dataSource.manager, this.context.tenant);
      const page = await this.readPage(cursor);
      await this.context.tags.know(page.rows.flatMap(({ follow }) => toTagIds(follow)));
      cursor = await this.store(page, asked);
    } while (cursor !== '');
  }

  set(manager: EntityManager, change: Partial<RunEmployee>): Promise<void> {
    return setEmployee(manager, this.context.runId, this.userid, change);
  }

  /** A fault here is told and does not keep the list from being read. */
  private async readProfile() {
    try {
      const user = await this.context.api.user(this.userid);
      return { employees: [{ ...toEmployee(user), userid: this.userid }] };
    } catch (error) {
      if (!isWecomFault(error) || faultOfRun(error)) throw error;
      return { employees: [], problem: { errcode: codeOf(error), msg: sentenceOf(error) } };
    }
  }

  /** @returns an empty page for an employee without customers, of which WeCom speaks as of a failure */
  private async readPage(cursor: string): Promise<Page> {
    try {
      const page = await this.context.api.follows(this.userid, cursor);
      this.cursors.next(page.nextCursor);
      this.mayHaveRows ||= page.rows.length > 0;
      if (!this.mayHaveRows && page.nextCursor === '' && !(await this.hasNone()))
        throw new WecomUnavailable(getByUser.path, 0, '客户列表不完整');
      return page;
    } catch (error) {
      if (codeOf(error) === BAD_CURSOR && cursor !== '' && (await this.restarts())) return this.readPage('');
      if (codeOf(error) === NO_RELATION && cursor === '' && (await this.hasNone())) return { rows: [], nextCursor: '' };
      throw error;
    }
  }

  /** @returns false for a list that was begun again too often */
  private async restarts(): Promise<boolean> {
    const restarts = this.employee.restarts + 1;
    if (restarts > MAX_RESTARTS) return false;
    await this.context.transaction((manager) => this.set(manager, { restarts, cursor: null }));
    this.employee.restarts = restarts;
    this.mayHaveRows = false;
    this.cursors = new Cursors(getByUser.path);
    return true;
  }

  /** Tags that could not be read are told by whoever ends the run. */
  private async keepFailure(manager: EntityManager): Promise<void> {
    const { tags, runId } = this.context;
    if (tags.failure !== '') await manager.update(Run, { id: runId }, { error: tags.failure });
  }

  /** What the employee is called by now: an event may have come between question and answer. */
  private currentUserid(manager: EntityManager): Promise<string> {
    return currentUserid(manager, this.context.tenant, this.userid, this.employee.begunAt - RENAME_SECONDS);
  }

  /** Asks the other list, as one answer alone is no proof that all follows are gone. */
  private async hasNone(): Promise<boolean> {
    try {
      return (await this.context.api.contactIds(this.userid)).length === 0;
    } catch (error) {
      if (codeOf(error) === NO_RELATION) return true;
      throw error;
    }
  }

  /** @returns the cursor of the next page; empty after the last */
  private store({ rows, nextCursor }: Page, asked: number): Promise<string> {
    const { tenant, runId } = this.context;
    return this.context.transaction(async (manager) => {
      const userid = await this.currentUserid(manager);
      const seen = rows.map(({ contact, follow }) => toSeenFollow(contact, { ...follow, userid }));
      const { ids, isNew, changed, returned } = await storeFollows(manager, tenant, seen, { cause: 'sync', asked });
      if (isNew > 0) await endAdded(manager, tenant, seen.map(pairOf));
      const added = await addSeen(manager, runId, ids);
      await addCounts(manager, runId, { seen: added, new: isNew, changed, returned });
      await this.keepFailure(manager);
      await this.set(manager, nextCursor === '' ? { state: 'done', cursor: null } : { cursor: nextCursor });
      return nextCursor;
    });
  }
}

const pairOf = ({ contact, follow }: SeenFollow) => ({ userid: follow.userid, externalUserid: contact.externalUserid });

async function clockSeconds(manager: EntityManager): Promise<number> {
  const [row] = await manager.query<{ ms: number | string }[]>(`SELECT ${dialectOf(manager.dataSource).clockMs} AS ms`);
  return Math.floor(Number(row!.ms) / 1000);
}
