import type { EntityManager } from 'typeorm';
import { insertRows } from '../../database/insert';
import type { Tenant } from '../../enterprise/tenant';
import { removeEmployee, storeEmployees } from '../../wechat-customers/write/employees';
import { isWecomFault, sentenceOf } from '../client/errors';
import { asStored, missingEmployees } from '../employees';
import { codeOf, faultOfRun, RunFailed } from './failures';
import type { RunContext } from './run-context';
import { RunEmployee } from './run-employee.entity';
import { Run } from './run.entity';

/** The employee has left, or is outside the app's visible range. */
const UNKNOWN_USERID = 60111;

/** Bounds the rows of one statement. */
const INSERTED_AT_ONCE = 1000;

/** Reads tags and follow list, and writes down whose lists the run has to read. @throws RunFailed without a list */
export async function readFollowList(context: RunContext): Promise<void> {
  const { api, tags, runId, tenant, dataSource } = context;
  await tags.load();
  const followers = await listed(api.followers());
  if (followers.length === 0) throw new RunFailed('企业微信的客户联系成员列表为空');
  if (followers.some(isTooLong)) throw new RunFailed('企业微信返回的成员编号过长');
  const userids = await asStored(dataSource.manager, tenant, followers);
  const missing = await findMissing(context, userids);
  await context.transaction(async (manager) => {
    await manager.delete(RunEmployee, { runId }); // of a try that ended before the next line
    for (let i = 0; i < userids.length; i += INSERTED_AT_ONCE) {
      const rows = userids.slice(i, i + INSERTED_AT_ONCE).map((userid) => ({ runId, userid }));
      await insertRows(manager, RunEmployee, rows);
    }
    for (const { userid, ...problem } of missing) {
      await insertRows(manager, RunEmployee, { runId, userid, state: 'missing', ...problem });
      if (problem.errcode === UNKNOWN_USERID) await noteLeft(manager, tenant, userid);
    }
    await manager.update(Run, { id: runId }, { stage: 'employees', error: tags.failure });
  });
}

/** Later runs are silent about it: one that never had a row gets one, deleted. */
async function noteLeft(manager: EntityManager, tenant: Tenant, userid: string): Promise<void> {
  if (await removeEmployee(manager, tenant, userid)) return;
  await storeEmployees(manager, tenant, [{ userid }]);
  await removeEmployee(manager, tenant, userid);
}

/** WeCom allows 64 bytes, which is what our columns hold. */
const isTooLong = (userid: string) => Buffer.byteLength(userid) > 64;

async function listed(followers: Promise<string[]>): Promise<string[]> {
  try {
    return await followers;
  } catch (error) {
    if (!isWecomFault(error)) throw error;
    throw new RunFailed(sentenceOf(error), { cause: error });
  }
}

/** The known employees with live follows that the follow list no longer has, and what WeCom says of each. */
async function findMissing({ dataSource, tenant, api }: RunContext, userids: string[]) {
  const missing: { userid: string; errcode: number; msg: string }[] = [];
  for (const userid of await missingEmployees(dataSource.manager, tenant, userids)) {
    missing.push({ userid, ...(await whyMissing(() => api.user(userid))) });
  }
  return missing;
}

async function whyMissing(ask: () => Promise<unknown>): Promise<{ errcode: number; msg: string }> {
  try {
    await ask();
    return { errcode: 0, msg: '已不在客户联系成员列表中' };
  } catch (error) {
    if (!isWecomFault(error)) throw error;
    const ofRun = faultOfRun(error);
    if (ofRun instanceof RunFailed) throw ofRun;
    return { errcode: codeOf(error), msg: sentenceOf(error) };
  }
}
