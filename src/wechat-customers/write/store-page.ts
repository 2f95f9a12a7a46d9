import type { EntityManager } from 'typeorm';
import type { Tenant } from '../../enterprise/tenant';
import type { ComparedFollow } from './compare';
import { comparePage } from './compare-page';
import { ComparedPage, Given, pairOfGiven } from './page';
import type { Rules } from './rules';
import { writePage } from './write-page';

/** What became of a page of follows. */
export interface StoredFollows {
  /** The follows' ids, in the order given. */
  ids: number[];
  /** How many of them are new; came back; differed otherwise, they or their contact. */
  isNew: number;
  returned: number;
  changed: number;
  /** Those left alone, as an event or a write-back changed them after WeCom was asked: to be asked again. */
  kept: number;
}

/**
 * Compares a page of follows and their contacts with what is stored, and writes what differs, in the caller's
 * transaction and in a fixed number of statements: pass some hundred follows at once. Of a follow given twice the last
 * counts. An unchanged page changes no byte.
 */
export async function storePage(
  manager: EntityManager,
  tenant: Tenant,
  given: Given[],
  rules: Rules,
): Promise<StoredFollows> {
  if (given.length === 0) return { ids: [], isNew: 0, returned: 0, changed: 0, kept: 0 };
  const page = await comparePage(manager, tenant, given, rules);
  await writePage(manager, page);
  return summary(given, page);
}

function summary(given: Given[], { contacts, follows }: ComparedPage): StoredFollows {
  const all = [...follows.values()];
  const isChanged = ({ isKept, isChanged, next }: ComparedFollow) =>
    !isKept && (isChanged || contacts.get(next.externalUserid)!.isChanged);
  const count = (is: (follow: ComparedFollow) => boolean) => all.filter(is).length;
  return {
    ids: given.map((each) => follows.get(pairOfGiven(each))!.next.id),
    isNew: count(({ stored }) => !stored),
    returned: count(({ isReturned }) => isReturned),
    changed: count((follow) => follow.stored !== undefined && !follow.isReturned && isChanged(follow)),
    kept: count(({ isKept }) => isKept),
  };
}
