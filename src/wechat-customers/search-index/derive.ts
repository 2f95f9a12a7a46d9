import type { EntityManager } from 'typeorm';
import type { Tenant } from '../../enterprise/tenant';
import { Countable, CounterChanges, countedWay, periodOf } from './counters';
import type { Facts } from './facts';
import { deleteLinks, deleteTerms, insertLinks, insertTerms } from './search-rows';

/** A follow's facts before and after a change; undefined where it was not counted, or is deleted. */
export interface Change {
  before?: Facts;
  after?: Facts;
}

/** Writes what changes make of the follows' terms, tags and counters, each only where its facts differ. */
export async function deriveChanges(manager: EntityManager, tenant: Tenant, changes: Change[]): Promise<void> {
  const retermed = changes.filter((change) => !isSame(change, hasSameTerms));
  await deleteTerms(manager, idsBefore(retermed));
  await insertTerms(manager, tenant, factsAfter(retermed));
  const relinked = changes.filter((change) => !isSame(change, hasSameLinks));
  await deleteLinks(manager, idsBefore(relinked));
  await insertLinks(manager, factsAfter(relinked));
  const counters = new CounterChanges();
  for (const { before, after } of changes.filter((change) => !isSame(change, hasSameCounters))) {
    if (before) counters.remove(before);
    if (after) counters.add(after);
  }
  await counters.write(manager, tenant);
}

const idsBefore = (changes: Change[]) => changes.flatMap(({ before }) => before?.id ?? []);
const factsAfter = (changes: Change[]) => changes.flatMap(({ after }) => after ?? []);

const isSame = ({ before, after }: Change, hasSame: (before: Facts, after: Facts) => boolean) =>
  before === undefined || after === undefined ? before === after : hasSame(before, after);

const hasSameTerms = (before: Facts, after: Facts) =>
  before.remark === after.remark &&
  before.name === after.name &&
  (before.tagPks.length === 0) === (after.tagPks.length === 0);

const hasSameLinks = (before: Countable, after: Countable) =>
  before.tagPks.length === after.tagPks.length && before.tagPks.every((pk) => after.tagPks.includes(pk));

const hasSameCounters = (before: Countable, after: Countable) =>
  before.userid === after.userid &&
  before.status === after.status &&
  countedWay(before.add_way) === countedWay(after.add_way) &&
  before.external_type === after.external_type &&
  periodOf(before.createtime) === periodOf(after.createtime) &&
  (before.customer_uid === 0) === (after.customer_uid === 0) &&
  hasSameLinks(before, after);
