import type { DataSource } from 'typeorm';
import type { Tenant } from '../../enterprise/tenant';
import { CONTACT_COLUMNS, EMPLOYEE_COLUMNS, FOLLOW_COLUMNS, TAG_COLUMNS } from '../../wechat-customers/rows.reply';
import type { Report } from '../run/import-rows';
import type { WireRow } from './answers';
import { Carrying, carryOutAll } from './carry-out';
import { keeping, PagedSource, Reading, WholeSource } from './sources';
import type { SystemTransport } from './transport';
import { allEmployees, allTags, followPages } from './wechat-pages';
import { Access, Place, WechatSystem } from './wechat-system';

/** Made of the row's tags and of the employees when a page is answered. */
const DERIVED = ['tag_name', 'has_one_employee'];

/**
 * Moves tags, employees and follows of one enterprise out of a running 芸众.
 * @param tenant ours, which the rows go to
 * @throws SystemFailed
 */
export async function importWechat(
  database: DataSource,
  transport: SystemTransport,
  place: Place,
  access: Access,
  carrying: Carrying & { tenant: Tenant },
): Promise<Report[]> {
  const system = await WechatSystem.signIn(transport, place, access);
  const name = `api:${system.base}/business/${place.uniacid} ${place.businessId}`;
  const { tell, tenant } = carrying;
  const moved =
    (read: Reading): Reading =>
    (row) =>
      intoTenant(read(row), place, tenant);
  const tag = moved(keeping('tags', TAG_COLUMNS, [], tell));
  const employee = moved(keeping('employees', EMPLOYEE_COLUMNS, [], tell));
  const contact = moved(keeping('follows: has_one_customer', CONTACT_COLUMNS, [], tell));
  const bare = moved(keeping('follows', FOLLOW_COLUMNS, ['has_one_customer', ...DERIVED], tell));
  const follow: Reading = (row) => {
    const partner = row.has_one_customer as WireRow | null;
    return { ...bare(row), has_one_customer: partner && contact(partner) };
  };
  return carryOutAll(database, carrying, [
    [
      'tags',
      new WholeSource(
        name,
        () => allTags(system),
        tag,
        ({ tag_id }) => String(tag_id),
      ),
    ],
    [
      'employees',
      new WholeSource(
        name,
        () => allEmployees(system),
        employee,
        ({ user_id }) => String(user_id),
      ),
    ],
    ['follows', new PagedSource(name, followPages(system), follow)],
  ]);
}

/** Gives rows of the enterprise that was asked for our numbers; rows of any other get that of none, and are refused. */
function intoTenant(row: WireRow, place: Place, tenant: Tenant): WireRow {
  const { uniacid, crop_id, business_id = crop_id } = row;
  const enterprise = 'crop_id' in row ? 'crop_id' : 'business_id';
  const isAsked =
    Number(uniacid ?? place.uniacid) === place.uniacid && Number(business_id ?? place.businessId) === place.businessId;
  return { ...row, uniacid: tenant.uniacid, [enterprise]: isAsked ? tenant.enterpriseId : 0 };
}
