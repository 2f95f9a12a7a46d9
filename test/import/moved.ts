import type { Tenant } from '../../src/enterprise/tenant';
import { reindex } from '../../src/wechat-customers/search-index/reindex';
import { TestApp } from '../app';
import { buildEnterprise, buildRight, buildUser } from '../factories';

/** The enterprise of the demo data, in which the documented answers are given. */
export const TENANT: Tenant = { uniacid: 2, enterpriseId: 1 };

/** The whole answer of getList in the enterprise, byte for byte but for the address of the system. */
export async function listed(app: TestApp, token: string): Promise<string> {
  const path = `/business/${TENANT.uniacid}/plugin/WechatCustomers/getList`;
  const { text } = await app.send(path, { json: { per_page: 100 }, token });
  return text.replaceAll(app.url, 'http://original');
}

/** A system whose rows are moved, as its routes answer them. */
export interface Original {
  /** {@link listed} */
  answer: string;
  follows: any[];
  tags: any[];
  employees: any[];
}

/** The demo data, with a lost follow, and one whose contact is unknown. */
export async function readOriginal(): Promise<Original> {
  const app = await TestApp.start();
  try {
    const token = await app.manage(TENANT.enterpriseId);
    const { data: page } = JSON.parse(await listed(app, token));
    const [first, second] = page.data;
    await app.dataSource.query(
      `UPDATE wechat_follow SET status = -1, lost_at = '2024-02-03 04:05:06', lost_by = 'member' WHERE id = ?`,
      [first.id],
    );
    await app.dataSource.query('DELETE FROM wechat_customer WHERE id = ?', [second.has_one_customer.id]);
    await reindex(app.dataSource);
    const answer = await listed(app, token);
    const { data, tag, employee: names } = JSON.parse(answer).data;
    const employees = new Map(data.flatMap(({ has_one_employee: it }: any) => (it ? [[it.user_id, it]] : [])));
    return {
      answer,
      follows: data,
      tags: tag,
      employees: names.map((each: any) => employees.get(each.user_id) ?? each),
    };
  } finally {
    await app.stop();
  }
}

/** A system with the enterprise and one who manages it, and no rows. */
export async function startEmpty(): Promise<{ app: TestApp; token: string }> {
  const app = await TestApp.start({ demo: false });
  await buildUser(app.dataSource, { userId: 1000, username: 'admin' });
  await buildEnterprise(app.dataSource, { id: TENANT.enterpriseId, uniacid: TENANT.uniacid });
  await buildRight(app.dataSource, { ...TENANT, userId: 1000 });
  return { app, token: await app.manage(TENANT.enterpriseId, TENANT.uniacid, 'admin', 'password') };
}

/** A follow as in files: what is known of its contact is in columns of its own. */
export function flat({ has_one_customer: contact, ...follow }: any): Record<string, any> {
  const shared = ['uniacid', 'crop_id', 'external_userid'];
  const columns = Object.entries(contact ?? {}).filter(([name]) => !shared.includes(name));
  const named = columns.map(([name, value]) => [`customer_${name}`, value] as const);
  return { ...follow, has_one_employee: '', ...Object.fromEntries(named) };
}

/** An answer in pieces: a failure shows the rows that differ. */
export const pieces = (answer: string): string[] => answer.split('},{');
