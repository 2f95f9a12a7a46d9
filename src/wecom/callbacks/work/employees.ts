import type { DataSource, EntityManager } from 'typeorm';
import { inTransaction } from '../../../database/transaction';
import type { Tenant } from '../../../enterprise/tenant';
import { lockEnterprise } from '../../../wechat-customers/search-index/revisions';
import { removeEmployee } from '../../../wechat-customers/write/employees';
import { renameEmployee } from '../../../wechat-customers/write/rename-employee';
import { storedUserid } from '../../stored-userid';
import { effectOf } from '../effects';
import type { WecomEvent } from '../wecom-event.entity';
import { Claim, settle } from './claims';
import { currentUserid, fieldsOf, hasLeftSince } from './known-events';

/** Removes and renames employees in the order of the events; follows stay. */
export async function changeEmployees(dataSource: DataSource, claim: Claim): Promise<void> {
  const { tenant } = claim;
  await inTransaction(dataSource, async (manager) => {
    await lockEnterprise(manager, tenant);
    for (const event of claim.events) {
      const userid = await storedUserid(manager, tenant, event.userid);
      if (effectOf(event.change).does === 'remove-employee') await removeEmployee(manager, tenant, userid);
      else await rename(manager, tenant, userid, event);
      await settle(manager, claim, [event]);
    }
  });
}

/** A rename that comes late leads to what the employee is called by now. */
async function rename(manager: EntityManager, tenant: Tenant, userid: string, event: WecomEvent): Promise<void> {
  const to = await currentUserid(manager, tenant, fieldsOf(event).NewUserID!, event.eventTime);
  await renameEmployee(manager, tenant, userid, to);
  if (await hasLeftSince(manager, tenant, to, event)) await removeEmployee(manager, tenant, to);
}
