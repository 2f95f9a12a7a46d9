import type { DataSource } from 'typeorm';
import type { Tenant } from '../../src/enterprise/tenant';

/** The tables of family B with the column that holds the enterprise; derived ones are checked by derived-rows.ts. */
const TABLES = {
  wechat_follow: 'crop_id',
  wechat_customer: 'crop_id',
  wechat_tag: 'crop_id',
  wechat_employee: 'business_id',
};

/** Every column of every row, of one tenant or of all. */
export async function wechatRows(dataSource: DataSource, tenant?: Tenant): Promise<Record<string, unknown[]>> {
  const read = async ([table, enterprise]: [string, string]) => {
    const where = tenant ? `WHERE uniacid = ${tenant.uniacid} AND ${enterprise} = ${tenant.enterpriseId}` : '';
    return [table, await dataSource.query<unknown[]>(`SELECT * FROM ${table} ${where} ORDER BY id`)] as const;
  };
  return Object.fromEntries(await Promise.all(Object.entries(TABLES).map(read)));
}
