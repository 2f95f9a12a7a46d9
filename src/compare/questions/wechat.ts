import type { WireRow } from '../../import/originals/answers';
import type { Asked } from '../asking';
import type { Random } from '../random';
import { FOLLOW, TAG } from '../rows';
import { pageNumbers, partOf, Samples, valuesOf } from '../samples';

/* Questions to family B (CONTRACT 2.3, 2.4), made of values that the original has. */

const PLUGIN = 'plugin/WechatCustomers';
const SIZE = 15;

/** What the questions are made of. */
export interface WechatSamples {
  follows: Samples;
  tags: WireRow[];
  /** Whether the original knows `tags_mode`, which only customer-hub's contract describes. */
  knowsTagsMode: boolean;
}

const getList = (search: object, page: object = {}): Asked => ({
  route: `${PLUGIN}/getList`,
  rows: FOLLOW,
  params: { ...page, ...(Object.keys(search).length > 0 && { search }) },
});

/** Values for each filter of getList. */
function filtersOf({ follows: { rows }, tags, knowsTagsMode }: WechatSamples): Record<string, unknown>[] {
  const partners = rows.map(({ has_one_customer }) => (has_one_customer ?? {}) as WireRow);
  const some = (values: (string | number)[]) => values.slice(0, 3);
  const names = some(valuesOf(partners, 'name'));
  const members = some(valuesOf(partners, 'uid').filter((uid) => uid !== 0));
  const tagIds = some(valuesOf(rows, 'tag_id').flatMap((ids) => String(ids).split(',')));
  const known = tagIds.length > 0 ? tagIds : some(valuesOf(tags, 'tag_id'));
  const each = (name: string, values: readonly unknown[]) => values.map((value) => ({ [name]: value }));
  const modes = knowsTagsMode && known.length > 0 ? ['any', 'all', 'exclude', 'none'] : [];
  return [
    ...each('customer', [...names, ...names.map(partOf), ...some(valuesOf(rows, 'external_userid'))].filter(Boolean)),
    ...each('member', [0, ...members]),
    ...each('add_way_type', [0, ...some(valuesOf(rows, 'add_way'))]),
    ...each('tags_data', known.length > 0 ? [...known, known.slice(0, 2), known.slice(0, 2).join(',')] : []),
    ...modes.map((tags_mode) => ({ tags_mode, tags_data: known.slice(0, 2) })),
    ...each('employee_member', some(valuesOf(rows, 'userid'))),
    ...each('type', [1, 2]),
    ...each('类型', [1, 2]),
    ...each('status', [1, -1]),
    ...each('time', timesOf(rows)),
    ...each('remark', some(valuesOf(rows, 'remark').map(partOf)).filter(Boolean)),
  ];
}

/** Both ends, either, and milliseconds. */
function timesOf(rows: readonly WireRow[]): unknown[] {
  const times = valuesOf(rows, 'createtime')
    .map(Number)
    .sort((a, b) => a - b);
  const [from, to] = [times[0], times[times.length >> 1]];
  if (from === undefined || to === undefined) return [];
  return [
    [from, to],
    [to, ''],
    ['', to],
    [from * 1000, to * 1000],
  ];
}

/** Every filter, pages, details and tags. */
export function wechatQuestions(samples: WechatSamples): Asked[] {
  const { follows, tags } = samples;
  const { rows } = follows;
  const shown = [rows[0], rows[rows.length >> 1], rows.at(-1)].filter((row) => row !== undefined);
  const details = shown.map(({ external_userid, userid }) => ({ external_userid, userid }));
  const missing = { external_userid: 'compare-asks-for-nobody', userid: 'nobody' };
  const tagList = (params: object): Asked => ({ route: `${PLUGIN}/getTagList`, rows: TAG, params: { ...params } });
  return [
    getList({}),
    ...pageNumbers(follows.total, SIZE).map((page) => getList({}, { page, per_page: SIZE })),
    ...[1, 100].map((per_page) => getList({}, { per_page })),
    ...filtersOf(samples).map((search) => getList(search, { per_page: SIZE })),
    ...[...details, missing].map((params) => ({ route: `${PLUGIN}/getDetails`, rows: FOLLOW, params })),
    ...pageNumbers(tags.length, SIZE).map((page) => tagList({ page })),
    ...valuesOf(tags, 'name')
      .slice(0, 3)
      .map((name) => tagList({ search: { name: partOf(name) } })),
  ];
}

/** A question of up to four filters and a page. */
export function randomWechatQuestion(samples: WechatSamples, random: Random): Asked {
  // With `type` as well, what its other spelling means is anybody's guess.
  const filters = filtersOf(samples).filter((filter) => !('类型' in filter));
  const search = Object.assign({}, ...random.some(filters, random.below(5))) as object;
  return getList(search, { page: random.pick([1, 1, 2, 3]), per_page: random.pick([1, SIZE, 50, 100]) });
}
