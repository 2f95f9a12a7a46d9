import type { Corp } from '../../../simulator/corp';
import { Intent } from '../../../src/wecom/write-back/intent.entity';
import { expectExactlyDerived } from '../../derived-rows';
import { until } from '../../until';
import { Hub } from '../hub';

export const CONTACTS = 8;

/** Two employees follow {@link CONTACTS} contacts each, the last of whom uses WeCom; three tags, of which A is on all. */
export function people(corp: Corp): void {
  const [a] = corp.addTagGroup('等级', ['A', 'B', 'C']).tag;
  for (const userid of ['ann', 'bob']) corp.addEmployee(userid);
  for (let n = 1; n <= CONTACTS; n++) {
    const type = n === CONTACTS ? 2 : 1;
    corp.addContact({ external_userid: `wm${n}`, name: `客户${n}`, type });
    for (const userid of ['ann', 'bob']) {
      const remark = { remark: `备注${n}`, description: `描述${n}`, remark_mobiles: ['13800000000'] };
      const company = type === 1 ? { remark_corp_name: `企业${n}` } : {};
      corp.follow(userid, `wm${n}`, { ...remark, ...company, tag_id: [a!.id], createtime: 1_700_000_000 + n });
    }
  }
}

/** The ids of the tags A, B and C. */
export const tagsOf = ({ corp }: Hub): string[] => corp.tagGroups[0]!.tag.map(({ id }) => id);

/** The product and a WeCom with {@link people}, synced. */
export async function startSynced(settings: Record<string, string> = {}): Promise<Hub> {
  const hub = await Hub.start(settings, people);
  await synced(hub);
  return hub;
}

export async function synced(hub: Hub): Promise<void> {
  expect(await hub.sync()).toMatchObject({ state: 'ok' });
  hub.wecom.resetCounts();
}

export const idOf = async (hub: Hub, externalUserid: string, userid = 'ann'): Promise<number> =>
  (await hub.follow(userid, externalUserid)).id;

/** The parameters of the writes that reached WeCom, and whether it was asked. */
export function callsOf({ wecom }: Hub, path: 'remark' | 'mark_tag' | 'get'): Record<string, unknown>[] {
  return wecom.calls.filter((call) => call.path === `externalcontact/${path}`).map(({ params }) => params);
}

export const intents = ({ dataSource }: Hub): Promise<Intent[]> => dataSource.manager.find(Intent);

/** Waits until nothing is left to be settled. */
export const settled = (hub: Hub): Promise<void> => until(async () => (await intents(hub)).length === 0);

/** Expects that rows and WeCom say the same, that nothing is left, and that the list finds follows by what they say. */
export async function expectAgreement(hub: Hub): Promise<void> {
  for (const { userid, contact, follow } of hub.corp.allListed()) {
    const row = await hub.follow(userid, contact.external_userid);
    const { remark, description, remark_corp_name, remark_mobiles, tag_id } = row;
    expect({ userid, remark, description, remark_corp_name, remark_mobiles, tags: tagSet(tag_id) }).toEqual({
      userid,
      remark: follow.remark ?? '',
      description: follow.description ?? '',
      remark_corp_name: follow.remark_corp_name ?? '',
      remark_mobiles: JSON.stringify(follow.remark_mobiles ?? []),
      tags: follow.tag_id.toSorted(),
    });
  }
  expect(await intents(hub)).toEqual([]);
  await expectExactlyDerived(hub.dataSource, hub.tenant);
}

const tagSet = (tagId: string) => tagId.split(',').filter(Boolean).sort();
