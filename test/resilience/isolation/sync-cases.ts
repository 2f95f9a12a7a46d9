import type { Ask, Case } from './ask';
import { Method, request } from './business-cases';
import { both, refuseOthers, smuggled } from './front-cases';
import type { Side } from './world';

/** The sync from WeCom: each side's only run has its mark, and no side has credentials. */
export const syncCases: Record<string, Case> = {
  ...both('plugin/WechatCustomers/synchBaseData', (...given) =>
    refused('synchBaseData', '企业未配置企业微信', ...given),
  ),
  ...both('plugin/WechatCustomers/synchMemberBaseData', (...given) =>
    refused('synchMemberBaseData', '会员同步未启用', ...given),
  ),
  ...both('plugin/WechatCustomers/syncStatus', status),
  ...both('plugin/WechatCustomers/receive/:business_id', receive),
};

async function refused(name: string, msg: string, method: Method, ask: Ask, own: Side, others: Side[]): Promise<void> {
  const route = `plugin/WechatCustomers/${name}`;
  for (const more of [{}, ...others.map(smuggled)]) {
    await ask(request(method, own, route, more), { result: 0, msg, data: [] });
  }
  await refuseOthers(method, route, ask, own, others);
}

async function status(method: Method, ask: Ask, own: Side, others: Side[]): Promise<void> {
  const route = 'plugin/WechatCustomers/syncStatus';
  for (const more of [{}, ...others.map(smuggled)]) {
    await ask(request(method, own, route, more), { result: 1, data: { run: { state: 'failed', error: own.mark } } });
  }
  await refuseOthers(method, route, ask, own, others);
}

/** WeCom's own route: no token opens it, neither one's own address nor another's. */
async function receive(method: Method, ask: Ask, own: Side, others: Side[]): Promise<void> {
  for (const { uniacid, enterpriseId } of [own, ...others]) {
    const path = `/business/${uniacid}/plugin/WechatCustomers/receive/${enterpriseId}`;
    await ask({ path, method }, { text: 'refused' });
  }
}
