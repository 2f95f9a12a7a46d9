import type { Enterprise } from '../../src/enterprise/entities/enterprise.entity';
import type { TestApp } from '../app';
import { buildEnterprise, buildRight, buildUser } from '../factories';

export const OK = { result: 1, msg: '成功', data: [] };
export const NOT_SIGNED_IN = { result: 0, msg: '请登录', data: { login_status: 1 } };
export const NOTHING_CHOSEN = { result: 0, msg: '请先选择要管理的企业', data: { login_status: 2 } };
export const FORBIDDEN = { result: 0, msg: '无权管理该企业', data: [] };

export const NOTHING = { platform_list: [], final_plat_id: 0, business_list: [], business_id: 0 };

export const LIST = 'admin/businessList';
export const MANAGE = 'admin/manageBusiness';
export const GET_LIST = 'plugin/WechatCustomers/getList';

/** A new user, signed in, who may manage `count` new enterprises of a uniacid. */
export async function newManager(app: TestApp, { uniacid = 2, count = 1, identity = 2 }) {
  const user = await buildUser(app.dataSource);
  const enterprises: Enterprise[] = [];
  for (let n = 0; n < count; n++) {
    const enterprise = await buildEnterprise(app.dataSource, { uniacid });
    await buildRight(app.dataSource, { uniacid, enterpriseId: enterprise.id, userId: user.userId, identity });
    enterprises.push(enterprise);
  }
  const token = await app.login(user.username, 'password');
  return { userId: user.userId, token, enterprises, ids: enterprises.map(({ id }) => id) };
}
