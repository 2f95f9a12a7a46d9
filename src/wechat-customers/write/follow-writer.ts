import { Injectable } from '@nestjs/common';
import { DataSource, EntityManager, EntityTarget, In, IsNull, ObjectLiteral, QueryDeepPartialEntity } from 'typeorm';
import { assertStorable } from '../../database/storable';
import { inTransaction } from '../../database/transaction';
import { wallClock } from '../../base/time';
import type { Tenant } from '../../enterprise/tenant';
import { Contact } from '../entities/contact.entity';
import { Follow } from '../entities/follow.entity';
import { beginChange, changeFollows } from '../search-index/change-follows';
import { copyFromContacts } from '../search-index/facts';

/** What no caller gives: keys, stamps and, of a follow, what is its contact's. */
type Kept = 'id' | keyof Tenant | keyof ReturnType<typeof stamps>;
type OfContact = 'externalUserid' | 'customerPk' | 'customerUid' | 'externalType';
type Relations = 'hasOneCustomer' | 'hasOneEmployee' | 'tags';

/** A contact and how one employee follows it. */
export interface FollowData {
  contact: Omit<Contact, Kept>;
  follow: Omit<Follow, Kept | OfContact | Relations>;
}

/** Writes follows with all that is derived from them. */
@Injectable()
export class FollowWriter {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Creates follows and their contacts or brings them up to date, all or nothing. The number of statements does not depend
   * on the number of follows; give some hundreds at once. A deleted follow comes back under its old id.
   * @throws Unstorable for a text that its column cannot keep as it is
   */
  async save(tenant: Tenant, follows: FollowData[]): Promise<void> {
    if (follows.length === 0) return;
    await inTransaction(this.dataSource, async (manager) => {
      await beginChange(manager, tenant);
      const contactPks = await saveContacts(manager, tenant, follows);
      const touched = () => idsToChange(manager, tenant, follows, contactPks);
      await changeFollows(manager, tenant, await touched(), async () => {
        await saveFollows(manager, tenant, follows, contactPks);
        const ids = await touched();
        await copyFromContacts(manager, `id IN (${ids.join(', ')})`, []);
        return ids;
      });
    });
  }
}

/** @returns the contacts' keys by external_userid */
async function saveContacts(manager: EntityManager, tenant: Tenant, follows: FollowData[]) {
  const contacts = new Map(follows.map(({ contact }) => [contact.externalUserid, contact]));
  const rows = [...contacts.values()].map((contact) => ({ ...contact, ...tenant, ...stamps() }));
  await upsert(manager, Contact, rows, ['uniacid', 'enterpriseId', 'externalUserid']);
  const saved = await manager.find(Contact, {
    select: { id: true, externalUserid: true },
    where: { ...tenant, externalUserid: In([...contacts.keys()]) },
  });
  return new Map(saved.map(({ id, externalUserid }) => [externalUserid, id]));
}

/**
 * The follows given, by their own key, and those of all other employees of the same contacts, whose names may have changed.
 * Follows without a contact are looked at as well: they have one from now on.
 */
async function idsToChange(
  manager: EntityManager,
  tenant: Tenant,
  follows: FollowData[],
  contactPks: Map<string, number>,
): Promise<number[]> {
  const given = follows.map(({ contact: { externalUserid }, follow: { userid } }) => ({
    ...tenant,
    userid,
    externalUserid,
  }));
  const ofContacts = [
    { ...tenant, customerPk: In([...contactPks.values()]) },
    { ...tenant, customerPk: IsNull(), externalUserid: In([...contactPks.keys()]) },
  ];
  const select = { id: true };
  const found = [
    ...(await manager.find(Follow, { select, where: given })),
    ...(await manager.find(Follow, { select, where: ofContacts })),
  ];
  return [...new Set(found.map(({ id }) => id))];
}

async function saveFollows(
  manager: EntityManager,
  tenant: Tenant,
  follows: FollowData[],
  contactPks: Map<string, number>,
): Promise<void> {
  const rows = follows.map(({ contact: { externalUserid, externalType }, follow }) => ({
    ...follow,
    ...tenant,
    ...stamps(),
    externalUserid,
    externalType,
    customerPk: contactPks.get(externalUserid)!,
  }));
  await upsert(manager, Follow, rows, ['uniacid', 'enterpriseId', 'userid', 'externalUserid']);
}

const stamps = () => ({ createdAt: wallClock(), updatedAt: wallClock(), deletedAt: null });

/** One statement, which keeps the id and the time of creation of a row that exists. */
async function upsert<T extends ObjectLiteral>(
  manager: EntityManager,
  entity: EntityTarget<T>,
  rows: QueryDeepPartialEntity<T>[],
  key: string[],
): Promise<void> {
  const metadata = manager.dataSource.getMetadata(entity);
  for (const row of rows) assertStorable(metadata, row);
  const given = Object.keys(rows[0]!).filter((property) => property !== 'createdAt' && !key.includes(property));
  const names = (properties: string[]) =>
    metadata.columns
      .filter(({ propertyName }) => properties.includes(propertyName))
      .map((column) => column.databaseName);
  await manager
    .createQueryBuilder()
    .insert()
    .into(entity)
    .values(rows)
    .orUpdate(names(given), names(key))
    .updateEntity(false)
    .execute();
}
