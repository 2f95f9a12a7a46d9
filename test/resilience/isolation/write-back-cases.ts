import type { Ask, Case } from './ask';
import { Method, request } from './business-cases';
import { both, refuseOthers, smuggled } from './front-cases';
import { SAME, Side } from './world';

/**
 * Write-backs: ids and tags of others are unknown, whatever is smuggled in. No side's WeCom answers, so what one's own
 * follows are asked to become is what they are.
 */
export const writeBackCases: Record<string, Case> = {
  ...both('plugin/WechatCustomers/remark', (method, ask, own, others) =>
    own.connected(() => remark(method, ask, own, others)),
  ),
  ...both('plugin/WechatCustomers/markTag', (method, ask, own, others) =>
    own.connected(() => markTag(method, ask, own, others)),
  ),
};

const UNKNOWN = { result: 0, msg: '记录不存在' };

/** What the side's own follows are answered, in the order asked. */
const itemsOf = ({ follows }: Side) =>
  follows.map(({ id, status }) =>
    status === 1 ? { id, result: 1, msg: '成功' } : { id, result: 0, msg: '客户已流失，不能修改' },
  );

async function remark(method: Method, ask: Ask, own: Side, others: Side[]): Promise<void> {
  const route = 'plugin/WechatCustomers/remark';
  const ids = own.follows.map(({ id }) => id);
  const same = `${SAME.remark}${own.mark}`;
  for (const more of [{}, ...others.map(smuggled)]) {
    const parameters = { ...more, id: ids, remark: same };
    await ask(request(method, own, route, parameters), { result: 1, data: { items: itemsOf(own) } });
  }
  for (const { follows } of others) {
    const theirs = follows.map(({ id }) => id);
    const mixed = { id: [ids[0], ...theirs], remark: same };
    const items = [itemsOf(own)[0]!, ...theirs.map((id) => ({ id, ...UNKNOWN }))];
    await ask(request(method, own, route, mixed), { result: 1, data: { items } });
    const changing = { id: theirs.join(','), remark: '改', description: '改', remark_mobiles: '' };
    await ask(request(method, own, route, changing), { result: 1, data: { items: items.slice(1) } });
  }
  await refuseOthers(method, route, ask, own, others);
}

async function markTag(method: Method, ask: Ask, own: Side, others: Side[]): Promise<void> {
  const route = 'plugin/WechatCustomers/markTag';
  const ids = own.follows.map(({ id }) => id);
  const tags = [SAME.tagId, own.own.tagId];
  for (const more of [{}, ...others.map(smuggled)]) {
    const parameters = { ...more, id: ids, add_tag: tags };
    await ask(request(method, own, route, parameters), { result: 1, data: { items: itemsOf(own) } });
  }
  for (const { follows, own: theirs } of others) {
    const items = follows.map(({ id }) => ({ id, ...UNKNOWN }));
    for (const parameters of [{ add_tag: tags }, { remove_tag: SAME.tagId }]) {
      const given = { ...parameters, id: follows.map(({ id }) => id) };
      await ask(request(method, own, route, given), { result: 1, data: { items } });
    }
    const foreign = { id: ids, add_tag: theirs.tagId };
    const msg = '参数错误：add_tag 含有不存在的标签';
    await ask(request(method, own, route, foreign), { result: 0, msg, data: [] });
  }
  await refuseOthers(method, route, ask, own, others);
}
