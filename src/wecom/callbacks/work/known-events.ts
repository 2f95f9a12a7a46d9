import { EntityManager, In, MoreThanOrEqual } from 'typeorm';
import type { Tenant } from '../../../enterprise/tenant';
import { isSameUserid, sameUserid, storedUserid } from '../../stored-userid';
import { effectOf } from '../effects';
import { EventFields, subjectOf } from '../event';
import { WecomEvent } from '../wecom-event.entity';

/*
 * What the inbox knows beside the events under work: events arrive in any order, and get does not tell of all of them.
 */

const RENAME = 'change_contact/update_user';
const DELETE = 'change_contact/delete_user';

/** Bounds the renames of one employee that are followed. */
const MAX_RENAMES = 10;

/** Whether an event came after another, by its CreateTime and then by its arrival. */
export const isLater = (one: WecomEvent, other: WecomEvent): boolean =>
  one.eventTime === other.eventTime ? one.id > other.id : one.eventTime > other.eventTime;

export const fieldsOf = ({ fields }: WecomEvent): EventFields => JSON.parse(fields) as EventFields;

export function isAdd({ change }: WecomEvent): boolean {
  const effect = effectOf(change);
  return effect.does === 'ask' && effect.isAdd;
}

/** The newest event that ended the follow of another one, unless a later one began it again. */
export async function lastEnd(
  manager: EntityManager,
  tenant: Tenant,
  { userid, externalUserid }: Pick<WecomEvent, 'userid' | 'externalUserid'>,
): Promise<WecomEvent | undefined> {
  const subjects = (['ask', 'end'] as const).map((does) => subjectOf(does, externalUserid));
  const where = { ...tenant, subject: In(subjects), userid: sameUserid(userid), state: In(EFFECTIVE) };
  const events = await manager.find(WecomEvent, { where });
  const decisive = events.filter((event) => effectOf(event.change).does === 'end' || isAdd(event));
  const last = decisive.reduce<WecomEvent | undefined>((a, b) => (a && isLater(a, b) ? a : b), undefined);
  return last && !isAdd(last) ? last : undefined;
}

/**
 * What an employee who had a name at a time is called after all renames that are known, as the enterprise has it
 * ({@link storedUserid}).
 * @param time unix seconds
 */
export async function currentUserid(
  manager: EntityManager,
  tenant: Tenant,
  userid: string,
  time: number,
): Promise<string> {
  let [name, since] = [userid, time];
  for (let n = 0; n < MAX_RENAMES; n++) {
    const renames = await manager.find(WecomEvent, {
      where: { ...employees(tenant), change: RENAME, userid: sameUserid(name), eventTime: MoreThanOrEqual(since) },
      order: { eventTime: 'ASC', id: 'ASC' },
    });
    // A change of case alone is none, and would be found again and again.
    const renamed = renames.find((event) => !isSameUserid(fieldsOf(event).NewUserID ?? name, name));
    if (!renamed) break;
    [name, since] = [fieldsOf(renamed).NewUserID!, renamed.eventTime];
  }
  return storedUserid(manager, tenant, name);
}

/** Whether an employee is known to have left since an event. */
export async function hasLeftSince(
  manager: EntityManager,
  tenant: Tenant,
  userid: string,
  event: WecomEvent,
): Promise<boolean> {
  const where = { ...employees(tenant), change: DELETE, userid: sameUserid(userid) };
  const leavings = await manager.find(WecomEvent, { where });
  return leavings.some((leaving) => isLater(leaving, event));
}

/**
 * Whether an employee is known to have left at a time or later.
 * @param time unix seconds
 */
export function hasLeftAfter(manager: EntityManager, tenant: Tenant, userid: string, time: number): Promise<boolean> {
  const of = { ...employees(tenant), change: DELETE, userid: sameUserid(userid) };
  return manager.exists(WecomEvent, { where: { ...of, eventTime: MoreThanOrEqual(time) } });
}

const EFFECTIVE = ['pending', 'applied'] as const;

const employees = (tenant: Tenant) => ({
  ...tenant,
  subject: subjectOf('rename-employee', ''),
  state: 'applied' as const,
});
