import type { Tenant } from '../../enterprise/tenant';
import { Fields, number, Unreadable } from './fields';

/** The fields that say of which enterprise a row is; `column` is `crop_id` or `business_id`. */
export const tenantFields = (column: 'crop_id' | 'business_id'): Fields => ({
  uniacid: number('uniacid', '公众号'),
  [column]: number('enterpriseId', '企业id'),
});

/**
 * A record without them, once they name the enterprise that it is imported into.
 * @throws Unreadable for a row of another enterprise
 */
export function ofTenant<Row extends object>(record: Row, tenant: Tenant): Omit<Row, keyof Tenant> {
  const { uniacid = tenant.uniacid, enterpriseId = tenant.enterpriseId, ...rest } = record as Row & Partial<Tenant>;
  if (uniacid !== tenant.uniacid || enterpriseId !== tenant.enterpriseId) {
    throw new Unreadable('is of another enterprise');
  }
  return rest;
}
