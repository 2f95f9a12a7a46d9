import type { DataSource } from 'typeorm';
import type { WecomApi } from '../../client/wecom-client';
import { readTags } from '../../read-tags';
import { Claim, settle } from './claims';

/** Reads the whole list of tags once, however many events tell of changes. */
export async function reloadTags(dataSource: DataSource, claim: Claim, api: WecomApi): Promise<void> {
  const askedAt = Date.now();
  await readTags(dataSource, claim.tenant, api);
  await settle(dataSource.manager, claim, claim.events, { askedAt });
}
