import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { assertStorable } from '../../database/storable';
import { inTransaction } from '../../database/transaction';
import type { Tenant } from '../../enterprise/tenant';
import { Contact } from '../entities/contact.entity';
import { Follow } from '../entities/follow.entity';
import { AS_GIVEN, OURS } from './rules';
import type { ContactData, FollowFields } from './seen';
import { storePage } from './store-page';

/** A contact and one employee's follow of it. */
export interface FollowData {
  contact: ContactData & Pick<Contact, (typeof OURS.contact)[number]>;
  follow: FollowFields & Pick<Follow, (typeof OURS.follow)[number]>;
}

/** Writes follows and the rows derived from them. */
@Injectable()
export class FollowWriter {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Creates or updates follows and their contacts in one transaction, where they differ from what is stored. The number
   * of statements is fixed, so pass some hundred follows at once. A deleted follow is restored with its old id.
   * @throws Unstorable for a text that its column cannot store unchanged
   */
  async save(tenant: Tenant, follows: FollowData[]): Promise<void> {
    if (follows.length === 0) return;
    for (const { contact, follow } of follows) {
      assertStorable(this.dataSource.getMetadata(Contact), contact);
      assertStorable(this.dataSource.getMetadata(Follow), follow);
    }
    await inTransaction(this.dataSource, (manager) => storePage(manager, tenant, follows, AS_GIVEN));
  }
}
