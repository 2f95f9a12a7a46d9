import type { DataSource } from 'typeorm';
import type { FollowFilter } from '../../src/wechat-customers/list/filter';
import { ENTERPRISES } from '../data/enterprises';

/** A filter of getList and its name in the table. */
export interface FilterCase {
  name: string;
  filter: FollowFilter;
}

const DAY = 86_400;

/**
 * Every filter, and the combinations that users choose, in the largest enterprise.
 * @param end the last moment of the data, unix seconds
 * @param terms texts that occur in the names of many customers, one and none
 */
export async function filterCases(
  dataSource: DataSource,
  end: number,
  terms: { common: string; one: string; none: string },
): Promise<FilterCase[]> {
  const tags = await mostFrequent(dataSource, 'tag');
  const owners = await mostFrequent(dataSource, 'owner');
  const tag = (place: number) => Number(tags.at(place));
  const [{ bound, external }] = await dataSource.query<[{ bound: number; external: string }]>(
    `SELECT customer_uid AS bound, external_userid AS external FROM wechat_follow
     WHERE uniacid = ? AND crop_id = ? AND deleted_at IS NULL AND customer_uid > 0 LIMIT 1`,
    tenant,
  );
  const days = (from: number, to: number) => ({ from: end - from * DAY, to: end - to * DAY });
  const filters: Record<string, Partial<FollowFilter>> = {
    'no filter': {},
    'status normal': { status: 1 },
    'status lost': { status: -1 },
    'way of adding, 40 %': { addWay: '1' },
    'way of adding, 3 %': { addWay: '202' },
    'type WeChat': { externalType: 1 },
    'type WeCom': { externalType: 2 },
    'member: none bound': { member: 0 },
    'member: one': { member: bound },
    'owner, hottest': { owner: owners[0] },
    'owner, middle': { owner: owners[500] },
    'tag, 10 %': { tags: { anyOf: [tag(0)] } },
    'tag, middle': { tags: { anyOf: [tag(50)] } },
    'tag, coldest': { tags: { anyOf: [tag(-1)] } },
    'any of the 3 hottest tags': { tags: { anyOf: [tag(0), tag(1), tag(2)] } },
    'any of 3 tags, middle': { tags: { anyOf: [tag(50), tag(51), tag(52)] } },
    'all of 2 tags': { tags: { allOf: [tag(0), tag(1)] } },
    'without the hottest tag': { tags: { noneOf: [tag(0)] } },
    'without any tag': { tags: { untagged: true } },
    'last month': days(30, 0),
    'a month two years ago': days(700, 670),
    'last year': days(365, 0),
    'the year before': days(730, 365),
    'customer, many': { customer: terms.common },
    'customer, one character': { customer: '王' },
    'customer, one': { customer: terms.one },
    'customer, none': { customer: terms.none },
    'customer by external_userid': { customer: external },
    'remark, many': { remark: terms.common },
    'remark, one': { remark: terms.one },
    'remark, none': { remark: terms.none },
    'owner + status + year': { owner: owners[0], status: -1, ...days(365, 0) },
    'tag + status': { tags: { anyOf: [tag(0)] }, status: -1 },
    'type + way + status, rare': { externalType: 2, addWay: '202', status: -1 },
    'type + way + status, common': { externalType: 1, addWay: '1', status: 1 },
    'customer + status': { customer: terms.common, status: -1 },
    'owner + tag': { owner: owners[0], tags: { anyOf: [tag(0)] } },
    'tag + last month': { tags: { anyOf: [tag(0)] }, ...days(30, 0) },
  };
  return Object.entries(filters).map(([name, filter]) => ({
    name,
    filter: { tags: {}, ...filter },
  }));
}

const tenant = [ENTERPRISES[0].uniacid, ENTERPRISES[0].id];

/** The tags or owners of the enterprise by number of follows, the most frequent first. */
async function mostFrequent(dataSource: DataSource, kind: 'tag' | 'owner'): Promise<string[]> {
  const rows = await dataSource.query<{ subset: string }[]>(
    `SELECT subset FROM wechat_follow_count WHERE uniacid = ? AND crop_id = ? AND subset LIKE '${kind}:%'
     GROUP BY subset ORDER BY SUM(n) DESC, subset`,
    tenant,
  );
  return rows.map(({ subset }) => subset.slice(kind.length + 1));
}
