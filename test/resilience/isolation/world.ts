import { In } from 'typeorm';
import { World } from '../../../simulator/world';
import { insertRows } from '../../../src/database/insert';
import { Run } from '../../../src/wecom/sync/run.entity';
import { FailedAttempt } from '../../../src/auth/attempts/failed-attempt.entity';
import { Enterprise } from '../../../src/enterprise/entities/enterprise.entity';
import { WecomCorp } from '../../../src/wecom/corps/corp.entity';
import { connectCorp, KEY } from '../../wecom/hub';
import { buildContact, buildCustomer, buildEmployee, buildEnterprise, buildFollow, buildRight } from '../../factories';
import { buildHistory, buildTag, buildUser, buildUserCustomer } from '../../factories';
import type { Answer, TestApp } from '../../app';

const UNIACIDS = [8001, 8002, 8003];
const ENTERPRISES_EACH = 2;

/** Names and ids that are equal in every enterprise. */
export const SAME = {
  userid: 'Same',
  tagId: 'etSame',
  externalUserid: 'wmSame1',
  name: '王小明',
  remark: '同一备注',
  uid: 77,
  createtime: 1000,
  lostAt: '2024-03-04 05:06:07',
  /** Customers of family A that every user follows, and their code. */
  customers: [9001, 9002],
  secret: 'SAME',
};

/** An enterprise of family B and its only manager, who also has relations of family A. */
export interface Side {
  uniacid: number;
  enterpriseId: number;
  userId: number;
  username: string;
  password: string;
  token: string;
  refreshToken: string;
  /** Part of every text that belongs to this side only; URLs never show it, because it is percent-encoded there. */
  mark: string;
  /** Ids, newest first; their number differs from side to side. */
  follows: { id: number; externalUserid: string; userid: string; uid: number; status: number }[];
  /** The userid of an employee, a tag, and a contact's uid and external_userid that no other side has. */
  own: { userid: string; tagId: string; uid: number; externalUserid: string };
  /** Customers of family A in the order of the list; the two that every user follows come first. */
  customers: number[];
  /** Runs work while the enterprise has a corp's credentials, the same as every other side's. */
  connected: (work: () => Promise<void>) => Promise<void>;
}

/** For credentials of a WeCom that does not answer. */
export const WECOM_AWAY = { WECOM_CREDENTIAL_KEY: KEY, WECOM_API_BASE: 'http://127.0.0.1:1' };

/** Three uniacids with two enterprises each: equal in all names, different in number and marks. */
export async function buildSides(app: TestApp): Promise<Side[]> {
  for (const customerId of SAME.customers) await buildCustomer(app.dataSource, { customerId, secret: SAME.secret });
  const sides: Side[] = [];
  for (const uniacid of UNIACIDS) {
    for (let n = 1; n <= ENTERPRISES_EACH; n++) sides.push(await buildSide(app, uniacid, sides.length + 1));
  }
  // Caches are keyed by tenant and revision: equal revisions leave only the tenant to tell entries apart.
  const ids = sides.map(({ enterpriseId }) => enterpriseId);
  await app.dataSource.getRepository(Enterprise).update({ id: In(ids) }, { followsRevision: 100, listsRevision: 100 });
  return sides;
}

async function buildSide(app: TestApp, uniacid: number, number: number): Promise<Side> {
  const { dataSource } = app;
  const mark = `〈第${number}家〉`;
  const password = `password-${number}`;
  const { id: enterpriseId } = await buildEnterprise(dataSource, { uniacid, name: `企业${mark}` });
  const { userId, username } = await buildUser(dataSource, { password, description: mark, mobile: mark });
  await buildRight(dataSource, { uniacid, enterpriseId, userId, userid: SAME.userid });
  const own = {
    userid: `Only${number}`,
    tagId: `etOnly${number}`,
    uid: 7000 + number,
    externalUserid: `wmOnly${number}`,
  };
  const { body } = await app.send('/api/login', { json: { username, password } });
  const side: Side = {
    ...{ uniacid, enterpriseId, userId, username, password, mark, own },
    token: body.result.token,
    refreshToken: body.result.refresh_token,
    follows: [],
    customers: [],
    connected: (work) => whileConnected(app, enterpriseId, work),
  };
  await addFollows(app, side, number);
  await addRelations(app, side, number);
  const run = { uniacid, enterpriseId, state: 'failed', startedAt: '2024-01-01 00:00:00', error: mark } as const;
  await insertRows(dataSource.manager, Run, run);
  await app.send(`/business/${uniacid}/admin/manageBusiness`, { token: side.token, json: { id: enterpriseId } });
  return side;
}

async function whileConnected({ dataSource }: TestApp, enterpriseId: number, work: () => Promise<void>): Promise<void> {
  await connectCorp(dataSource, enterpriseId, new World().addCorp());
  try {
    await work();
  } finally {
    await dataSource.manager.delete(WecomCorp, { enterpriseId });
  }
}

/** `number` follows with the common names, the first of them lost, and one of the side's own employee and contact. */
async function addFollows({ dataSource }: TestApp, side: Side, number: number): Promise<void> {
  const { uniacid, enterpriseId, mark, own } = side;
  const tenant = { uniacid, enterpriseId };
  const staff = { uniacid, enterpriseId, name: `李雷${mark}` };
  const [same, only] = [
    await buildEmployee(dataSource, { ...staff, userid: SAME.userid }),
    await buildEmployee(dataSource, { ...staff, userid: own.userid }),
  ];
  const tags = [
    await buildTag(dataSource, { ...tenant, tagId: SAME.tagId, name: `标签${mark}` }),
    await buildTag(dataSource, { ...tenant, tagId: own.tagId, name: `自有标签${mark}` }),
  ];
  for (let n = 0; n <= number; n++) {
    const isOwn = n === number;
    const employee = isOwn ? only : same;
    const externalUserid = isOwn ? own.externalUserid : `wmSame${n + 1}`;
    const uid = isOwn ? own.uid : SAME.uid;
    const customer = { ...tenant, externalUserid, memberUid: uid, name: `${SAME.name}${mark}` };
    const contact = await buildContact(dataSource, customer);
    const remark = `${SAME.remark}${mark}`;
    const status = n === 0 ? -1 : 1;
    const lostAt = n === 0 ? SAME.lostAt : null;
    const follow = { ...tenant, contact, employee, tags, remark, createtime: SAME.createtime, status, lostAt };
    const { id } = await buildFollow(dataSource, follow);
    if (lostAt) await buildHistory(dataSource, { ...tenant, followId: id, at: lostAt });
    side.follows.unshift({ id, externalUserid, userid: employee.userid, uid, status });
  }
}

async function addRelations({ dataSource }: TestApp, side: Side, number: number): Promise<void> {
  const { userId, mark } = side;
  const texts = { template: `模板${mark}`, script: `脚本${mark}`, reference: `参考${mark}` };
  const only = Array.from({ length: number }, (_, n) => 9000 + number * 100 + n);
  for (const customerId of only) {
    await buildCustomer(dataSource, { customerId, name: mark });
    await buildUserCustomer(dataSource, { userId, customerId, ...texts, created: '2024-01-01 00:00:00' });
  }
  for (const customerId of SAME.customers) {
    await buildUserCustomer(dataSource, { userId, customerId, ...texts, created: '2024-01-02 00:00:00' });
  }
  side.customers = [...SAME.customers.toReversed(), ...only.toReversed()];
}

/** Traces of another side in an answer: marks, tenants and user ids. */
export function foreignIn({ text, body }: Answer, own: Side, sides: Side[]): string[] {
  const marks = sides.filter((side) => side !== own && text.includes(side.mark)).map(({ mark }) => mark);
  return [...marks, ...foreignKeys(body, own)];
}

function foreignKeys(value: unknown, own: Side): string[] {
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    const expected: unknown = keysOf(own)[key];
    const isForeign = expected !== undefined && typeof inner === 'number' && inner !== 0 && inner !== expected;
    return isForeign ? [`${key} ${inner}`] : foreignKeys(inner, own);
  });
}

/** The wire's keys that name a row's owner; employees have a `user_id` too, which is text. */
function keysOf({ uniacid, enterpriseId, userId }: Side): Record<string, number> {
  return { uniacid, crop_id: enterpriseId, business_id: enterpriseId, user_id: userId };
}

/**
 * All rows of all tables except those of `own`, as text to compare; a wrong guess counts against the user it targets.
 */
export async function rowsOfOthers({ dataSource }: TestApp, own: Side): Promise<string[]> {
  const metadatas = dataSource.entityMetadatas.filter(
    ({ target, tableType }) => target !== FailedAttempt && tableType === 'regular',
  );
  const tables = metadatas.map(async ({ tableName, target }) => {
    const rows = (await dataSource.getRepository(target).find({ withDeleted: true })) as Row[];
    return rows.filter((row) => !belongsTo(row, tableName, own)).map((row) => `${tableName} ${JSON.stringify(row)}`);
  });
  return (await Promise.all(tables)).flat().sort();
}

interface Row {
  id?: number;
  uniacid?: number;
  enterpriseId?: number;
  userId?: number | string;
  actorId?: number | string | null;
}

/** An entry of the audit log is of who acted; of a wrong password nobody is known. */
function belongsTo(row: Row, tableName: string, { uniacid, enterpriseId, userId }: Side): boolean {
  if (row.actorId !== undefined) return row.actorId === null || Number(row.actorId) === userId;
  if (Number(row.userId) === userId) return true;
  const enterprise = tableName === 'enterprise' ? row.id : row.enterpriseId;
  return row.uniacid === uniacid && enterprise === enterpriseId;
}
