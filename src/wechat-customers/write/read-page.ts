import type { EntityManager } from 'typeorm';
import { wallClock } from '../../base/time';
import { dialectOf } from '../../database/dialect';
import { Rows } from '../../database/rows';
import { placeholders } from '../../database/where';
import type { Tenant } from '../../enterprise/tenant';
import { Contact } from '../entities/contact.entity';
import { Follow } from '../entities/follow.entity';
import { assertFresh, lockRow, Revisions } from '../search-index/revisions';
import type { FreshMoment, Given } from './page';

/* What is stored of a page, read in the transaction that holds the enterprise. */

/** Locks the enterprise until the transaction ends. */
export async function momentOf(manager: EntityManager, tenant: Tenant): Promise<FreshMoment> {
  const locked = await lockRow(manager, tenant);
  return { tenant, locked, now: wallClock(), revision: locked.followsRevision + 1 };
}

/** Beside the revisions: they say whether the transaction reads what the last writer left. */
export async function readContacts(
  manager: EntityManager,
  { tenant: { uniacid, enterpriseId }, locked }: FreshMoment,
  externalUserids: string[],
): Promise<Map<string, Contact>> {
  const columns = new Rows(manager, Contact).selected();
  const rows = await manager.query<(Contact & Revisions)[]>(
    `SELECT enterprise.follows_revision AS followsRevision, enterprise.lists_revision AS listsRevision, ${columns}
     FROM enterprise LEFT JOIN wechat_customer ON wechat_customer.uniacid = ? AND wechat_customer.crop_id = ?
       AND wechat_customer.external_userid IN (${placeholders(externalUserids)})
     WHERE enterprise.id = ? AND enterprise.uniacid = ?`,
    [uniacid, enterpriseId, ...externalUserids, enterpriseId, uniacid],
  );
  assertFresh(locked, rows[0]);
  const found = rows.filter(({ id }) => id !== null);
  return new Map(
    found.map(({ followsRevision: _, listsRevision: __, ...contact }) => [contact.externalUserid, contact]),
  );
}

/**
 * The stored follows among those given, deleted ones too.
 * @param isConcerned whether other employees' follows of the contacts are needed, too
 */
export async function readFollows(
  manager: EntityManager,
  { uniacid, enterpriseId }: Tenant,
  given: Given[],
  isConcerned: boolean,
): Promise<Follow[]> {
  const externalUserids = [...new Set(given.map(({ contact }) => contact.externalUserid))];
  const userids = [...new Set(given.map(({ follow }) => follow.userid))];
  const isOnePage = userids.length === 1 && !isConcerned;
  const index = dialectOf(manager.dataSource).useIndex(isOnePage ? 'uq_follow' : 'ix_follow_contact');
  const of = `wechat_follow.uniacid = ? AND wechat_follow.crop_id = ?
    AND wechat_follow.external_userid IN (${placeholders(externalUserids)})`;
  const tenant = [uniacid, enterpriseId];
  const rows = new Rows(manager, Follow);
  return isConcerned
    ? rows.read(of, [...tenant, ...externalUserids], index)
    : rows.read(
        `${of} AND wechat_follow.userid IN (${placeholders(userids)})`,
        [...tenant, ...externalUserids, ...userids],
        index,
      );
}
