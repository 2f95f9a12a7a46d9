import type { EntityManager } from 'typeorm';
import { idsOf } from '../../database/pages';
import type { Tenant } from '../../enterprise/tenant';
import type { Contact } from '../entities/contact.entity';
import type { Follow } from '../entities/follow.entity';
import { Change, deriveChanges } from '../search-index/derive';
import { readTagPks } from '../search-index/facts';
import { countedAmong } from '../search-index/search-rows';
import { storedTags } from '../search-index/stale';
import { tagIdsOf } from '../tag-ids';
import type { ComparedFollow } from './compare';
import { factsOf } from './facts-of';
import { Contacts, isStray } from './page';

/** Derives the follows whose facts differ. */
export async function derivePage(
  manager: EntityManager,
  tenant: Tenant,
  follows: Pick<ComparedFollow, 'stored' | 'next'>[],
  contacts: Contacts,
): Promise<void> {
  const live = follows.filter(({ next }) => next.deletedAt === null); // what is kept may be deleted
  const named = live.map(({ stored, next }) => {
    const contact = contacts.get(next.externalUserid)!;
    const isFoundByOther = stored !== undefined && isStray(stored, contacts);
    return { stored, next, name: nameOf(contact.next), nameBefore: isFoundByOther ? null : nameOf(contact.stored) };
  });
  const factual = named.filter(
    ({ stored, next, name, nameBefore }) =>
      !stored || stored.deletedAt !== next.deletedAt || name !== nameBefore || hasMoved(stored, next),
  );
  const existing = factual.flatMap(({ stored }) => stored ?? []);
  const links = await storedTags(manager, idsOf(existing));
  const counted = await countedAmong(manager, idsOf(existing.filter(({ deletedAt }) => deletedAt !== null)));
  const tagPks = await readTagPks(manager, tenant, new Set(factual.flatMap(({ next }) => tagIdsOf(next.tagId))));
  const changes = factual.map(({ stored, next, name, nameBefore }): Change => {
    const isCounted = stored !== undefined && (stored.deletedAt === null || counted.has(stored.id));
    return {
      before: isCounted ? factsOf(stored, nameBefore, links.get(stored.id) ?? []) : undefined,
      after: factsOf(next, name, pksOf(next, tagPks)),
    };
  });
  await deriveChanges(manager, tenant, changes);
}

/** The properties of a follow from which its terms, links and counters are derived, beside its contact's name. */
const FACTS = ['remark', 'tagId', 'createtime', 'status', 'addWay', 'externalType', 'customerUid'] as const;

const hasMoved = (stored: Follow, next: Follow) => FACTS.some((property) => stored[property] !== next[property]);

const nameOf = (contact: Contact | undefined) => (contact?.deletedAt === null ? contact.name : null);

const pksOf = ({ tagId }: Follow, tagPks: ReadonlyMap<string, number>) => [
  ...new Set(tagIdsOf(tagId).flatMap((id) => tagPks.get(id) ?? [])),
];
