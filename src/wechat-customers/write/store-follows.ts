import type { EntityManager } from 'typeorm';
import { assertStorable } from '../../database/storable';
import type { Tenant } from '../../enterprise/tenant';
import { Contact } from '../entities/contact.entity';
import { Follow } from '../entities/follow.entity';
import { fitted } from './fit';
import { bySource } from './rules';
import type { SeenFollow, Source } from './seen';
import { StoredFollows, storePage } from './store-page';

/**
 * Stores follows as WeCom answered, in the caller's transaction, and writes only what differs. The member of a stored row
 * and `is_member` are never touched; a lost follow returns under its old id, unless its contact ended it
 * ({@link mayReturn}). Texts are fitted to their columns.
 * @param seen some hundred at most; of a follow given twice the last counts
 * @throws Unstorable for an id of WeCom that no key can hold
 * @throws StaleSnapshot if the transaction has read before another changed the enterprise; `inTransaction` repeats it
 */
export function storeFollows(
  manager: EntityManager,
  tenant: Tenant,
  seen: SeenFollow[],
  source: Source,
): Promise<StoredFollows> {
  const [contacts, follows] = [Contact, Follow].map((entity) => manager.dataSource.getMetadata(entity));
  const given = seen.map(({ contact, follow }) => ({
    contact: fitted(contacts!, contact),
    follow: fitted(follows!, follow),
  }));
  for (const { contact, follow } of given) {
    assertStorable(contacts!, contact);
    assertStorable(follows!, follow);
  }
  return storePage(manager, tenant, given, bySource(source));
}
