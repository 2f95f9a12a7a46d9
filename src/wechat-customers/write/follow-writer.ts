import { Injectable } from '@nestjs/common';
import { DataSource, EntityManager, EntityTarget, In, ObjectLiteral, QueryDeepPartialEntity } from 'typeorm';
import { assertStorable } from '../../database/storable';
import { inTransaction } from '../../database/transaction';
import { wallClock } from '../../base/time';
import type { Tenant } from '../../enterprise/tenant';
import { Contact } from '../entities/contact.entity';
import { Follow } from '../entities/follow.entity';
import { beginChange, changeFollows } from '../search-index/change-follows';
import { copyFromContacts } from '../search-index/facts';

/** Properties that the writer sets itself: keys and stamps, and a follow's copies from its contact. */
type Own = 'id' | keyof Tenant | keyof ReturnType<typeof stamps>;
type OfContact = 'externalUserid' | 'customerPk' | 'customerUid' | 'externalType';
type Relations = 'hasOneCustomer' | 'hasOneEmployee' | 'tags';

/** A contact and one employee's follow of it. */
export interface FollowData {
  contact: Omit<Contact, Own>;
  follow: Omit<Follow, Own | OfContact | Relations>;
}

/** Writes follows and the rows derived from them. */
@Injectable()
export class FollowWriter {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Creates or updates follows and their contacts in one transaction. The number of statements is fixed, so pass some
   * hundred follows at once. A deleted follow is restored with its old id.
   * @throws Unstorable for a text that its column cannot store unchanged
   */
  async save(tenant: Tenant, follows: FollowData[]): Promise<void> {
    if (follows.length === 0) return;
    await inTransaction(this.dataSource, async (manager) => {
      await beginChange(manager, tenant);
      await saveContacts(manager, tenant, follows);
      const touched = () => followsOf(manager, tenant, follows);
      await changeFollows(manager, tenant, await touched(), async () => {
        await saveFollows(manager, tenant, follows);
        const ids = await touched();
        await copyFromContacts(manager, ids);
        return ids;
      });
    });
  }
}

async function saveContacts(manager: EntityManager, tenant: Tenant, follows: FollowData[]): Promise<void> {
  const contacts = new Map(follows.map(({ contact }) => [contact.externalUserid, contact]));
  const rows = [...contacts.values()].map((contact) => ({ ...contact, ...tenant, ...stamps() }));
  await upsert(manager, Contact, rows, ['uniacid', 'enterpriseId', 'externalUserid']);
}

/** The ids of all follows of the contacts, other employees' too: all are found by the names given now. */
async function followsOf(manager: EntityManager, tenant: Tenant, follows: FollowData[]): Promise<number[]> {
  const externalUserids = new Set(follows.map(({ contact }) => contact.externalUserid));
  const where = { ...tenant, externalUserid: In([...externalUserids]) };
  const found = await manager.find(Follow, { select: { id: true }, where });
  return found.map(({ id }) => id);
}

/** Writes the follows without their copies from the contacts, which {@link copyFromContacts} makes. */
async function saveFollows(manager: EntityManager, tenant: Tenant, follows: FollowData[]): Promise<void> {
  const rows = follows.map(({ contact: { externalUserid }, follow }) => ({
    ...follow,
    ...tenant,
    ...stamps(),
    externalUserid,
  }));
  await upsert(manager, Follow, rows, ['uniacid', 'enterpriseId', 'userid', 'externalUserid']);
}

const stamps = () => ({ createdAt: wallClock(), updatedAt: wallClock(), deletedAt: null });

/** One statement; an existing row keeps its id and its time of creation. */
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
