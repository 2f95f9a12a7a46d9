import { Injectable } from '@nestjs/common';
import { DataSource, EntityManager, EntityTarget, In, ObjectLiteral, QueryDeepPartialEntity } from 'typeorm';
import { assertStorable } from '../../database/storable';
import { inTransaction } from '../../database/transaction';
import { wallClock } from '../../base/time';
import type { Tenant } from '../../enterprise/tenant';
import { Contact } from '../entities/contact.entity';
import { Follow } from '../entities/follow.entity';
import { beginChange, changeFollows, copyFromCustomers } from '../search-index/change-follows';

const CONTACT_COLUMNS = [
  'memberUid',
  'name',
  'avatar',
  'externalType',
  'gender',
  'unionid',
  'position',
  'corpName',
  'corpFullName',
  'externalProfile',
  'isMember',
] as const;

const FOLLOW_COLUMNS = [
  'memberUid',
  'remark',
  'description',
  'customerCreateTime',
  'remarkCorpName',
  'remarkMobiles',
  'operUserid',
  'tagId',
  'createtime',
  'addWay',
  'state',
  'status',
] as const;

/** A customer and how one member follows it. */
export interface FollowData {
  contact: Pick<Contact, 'externalUserid' | (typeof CONTACT_COLUMNS)[number]>;
  follow: Pick<Follow, 'userid' | (typeof FOLLOW_COLUMNS)[number]>;
}

/** Writes relations of family B with all that is derived of them. */
@Injectable()
export class FollowWriter {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Creates relations and their customers or brings them up to date, all or nothing. The number of statements does not
   * depend on the number of relations; give some hundreds at once. A deleted relation comes back under its old id.
   * @throws Unstorable for a text that its column cannot keep as it is
   */
  async save(tenant: Tenant, relations: FollowData[]): Promise<void> {
    if (relations.length === 0) return;
    await inTransaction(this.dataSource, async (manager) => {
      await beginChange(manager, tenant);
      const contactPks = await this.saveContacts(manager, tenant, relations);
      const customerPk = In([...contactPks.values()]);
      // All members' relations with these customers: their names may have changed.
      const touched = async () =>
        (await manager.find(Follow, { select: { id: true }, where: { customerPk } })).map(({ id }) => id);
      await changeFollows(manager, tenant, await touched(), async () => {
        await this.saveFollows(manager, tenant, relations, contactPks);
        await copyFromCustomers(manager, `customer_pk IN (${[...contactPks.values()].join(', ')})`, []);
        return touched();
      });
    });
  }

  /** @returns the customers' keys by external_userid */
  private async saveContacts(manager: EntityManager, tenant: Tenant, relations: FollowData[]) {
    const contacts = new Map(relations.map(({ contact }) => [contact.externalUserid, contact]));
    const rows = [...contacts.values()].map((contact) => ({ ...contact, ...tenant, ...stamps() }));
    await upsert(manager, Contact, rows, CONTACT_COLUMNS, ['uniacid', 'enterpriseId', 'externalUserid']);
    const saved = await manager.find(Contact, {
      select: { id: true, externalUserid: true },
      where: { ...tenant, externalUserid: In([...contacts.keys()]) },
    });
    return new Map(saved.map(({ id, externalUserid }) => [externalUserid, id]));
  }

  private async saveFollows(
    manager: EntityManager,
    tenant: Tenant,
    relations: FollowData[],
    contactPks: Map<string, number>,
  ): Promise<void> {
    const rows = relations.map(({ contact: { externalUserid, externalType }, follow }) => ({
      ...follow,
      ...tenant,
      ...stamps(),
      externalUserid,
      externalType,
      customerPk: contactPks.get(externalUserid)!,
    }));
    const key = ['uniacid', 'enterpriseId', 'userid', 'externalUserid'];
    await upsert(manager, Follow, rows, [...FOLLOW_COLUMNS, 'customerPk'], key);
  }
}

const stamps = () => ({ createdAt: wallClock(), updatedAt: wallClock(), deletedAt: null });

/** One statement, which keeps the id and the time of creation of a row that exists. */
async function upsert<T extends ObjectLiteral>(
  manager: EntityManager,
  entity: EntityTarget<T>,
  rows: QueryDeepPartialEntity<T>[],
  columns: readonly string[],
  key: string[],
): Promise<void> {
  const metadata = manager.dataSource.getMetadata(entity);
  for (const row of rows) assertStorable(metadata, row);
  const names = (properties: readonly string[]) =>
    properties.map((property) => metadata.findColumnWithPropertyName(property)!.databaseName);
  await manager
    .createQueryBuilder()
    .insert()
    .into(entity)
    .values(rows)
    .orUpdate(names([...columns, 'updatedAt', 'deletedAt']), names(key))
    .updateEntity(false)
    .execute();
}
