import {
  digits,
  Field,
  integer,
  list,
  oneOf,
  optional,
  pageNumber,
  positive,
  searchText,
  text,
  trimmed,
} from '../../http/input/fields';
import { Invalid } from '../../http/input/invalid';
import { TEXTS } from '../../http/openapi/schema';
import { ADD_WAYS } from '../add-ways';
import { NestedSearch } from '../search.decorator';

/** Bounds the tags of one filter, and so the lookups of one statement. */
const MAX_TAGS = 100;
/** From here on a number is read as milliseconds: as seconds it would be the year 5138. */
const MILLISECONDS_FROM = 1e11;

/** How `search[tags_data]` filters the list: any of the tags, all of them, none of them, or follows without a tag. */
const TAGS_MODES = ['any', 'all', 'exclude', 'none'] as const;
export type TagsMode = (typeof TAGS_MODES)[number];

/** The filters of one's own follows (CONTRACT 2.4); all examples together match one follow of the demo. */
export class MySearchDto {
  @Field(optional(searchText), {
    description: '客户信息：名称包含，或 external_userid 相等 / customer name contains, or external_userid equals',
    type: String,
    required: false,
    example: 'Abe',
  })
  customer?: string;

  @Field(optional(digits), {
    description: '系统会员 ID，0 为未绑定 / member id bound to the customer, 0: none',
    type: Number,
    required: false,
    example: 3061,
  })
  member?: number;

  @Field(optional(digits), {
    description: `来源 add_way，0 也是一个值 / way of adding, 0 is a value too: ${ADD_WAYS}`,
    type: Number,
    required: false,
    example: 1,
  })
  add_way_type?: number;

  @Field(tagList, {
    description: '标签 tag_id，多个用逗号分隔或列表 / tag_id, several joined by commas or as a list',
    ...TEXTS,
    required: false,
    example: 'etDesSDgAAB6_PNgMEt6fWHVVJhceQow',
  })
  tags_data: string[] = [];

  @Field(optional(oneOf(...TAGS_MODES)), {
    description:
      '标签方式：any 含任一（缺省）all 含全部 exclude 不含 none 无标签 / any (default), all, exclude, none (customers without a tag)',
    enum: TAGS_MODES,
    required: false,
    example: 'any',
  })
  tags_mode?: TagsMode;

  @Field(optional(digits), {
    description: '类型：1 微信 2 企业微信 / 1 WeChat, 2 WeCom',
    type: Number,
    required: false,
    example: 1,
  })
  type?: number;

  @Field(optional(digits), { description: '同 type / the same as type', type: Number, required: false, example: 1 })
  类型?: number;

  @Field(optional(integer), {
    description: '状态：1 正常 -1 已流失 / 1 normal, -1 lost',
    type: Number,
    required: false,
    example: 1,
  })
  status?: number;

  @Field(timeRange, {
    description:
      '添加时间 [起, 止]，含，秒或毫秒时间戳，任一可空 / added [from, to], inclusive, unix seconds or milliseconds, either may be empty',
    type: [String],
    required: false,
    example: ['1632240000', '1632326399'],
  })
  time: TimeRange = {};

  @Field(optional(searchText), {
    description: '备注包含 / remark contains',
    type: String,
    required: false,
    example: 'Abe',
  })
  remark?: string;
}

/** The filters of getList (CONTRACT 2.3). */
export class SearchDto extends MySearchDto {
  @Field(optional(searchText), {
    description: '归属成员 userid / employee',
    type: String,
    required: false,
    example: 'XiaoLiangZi',
  })
  employee_member?: string;
}

/** The parameters of myCustomerList and myLossCustomerList (CONTRACT 2.4). */
export class MyListDto {
  @NestedSearch(MySearchDto)
  search?: MySearchDto;

  @Field(pageNumber, { description: '分页，缺省 1 / page, default 1', type: Number, required: false, example: 1 })
  page: number = 1;

  @Field(optional(positive), {
    description: '每页条数 1–100，缺省 15 / rows a page',
    type: Number,
    required: false,
    example: 15,
  })
  per_page?: number;
}

/** The parameters of getList (CONTRACT 2.3). */
export class FollowListDto extends MyListDto {
  @NestedSearch(SearchDto)
  declare search?: SearchDto;
}

/** Unix seconds, inclusive. */
interface TimeRange {
  from?: number;
  to?: number;
}

function tagList(raw: unknown): string[] {
  if (raw === undefined || raw === null) return [];
  const joined = text(10_000); // MAX_TAGS ids of 64 characters with their commas, and blanks
  const texts = typeof raw === 'object' ? list((item) => joined(item ?? ''), '必须是字符串')(raw) : [joined(raw)];
  const ids = texts.flatMap((item) => item.split(','));
  const given = [...new Set(ids.map(trimmed).filter((id) => id !== ''))];
  if (given.length > MAX_TAGS) throw new Invalid(`不能超过${MAX_TAGS}个`);
  return given.map(text(64));
}

function timeRange(raw: unknown): TimeRange {
  if (raw === undefined || raw === null || raw === '') return {};
  const isRange = typeof raw === 'object' && Object.keys(raw).every((key) => key === '0' || key === '1');
  if (!isRange) throw new Invalid('必须是 [开始, 结束]');
  const [from, to] = [0, 1].map((key) => optional(digits)((raw as Record<number, unknown>)[key]));
  return {
    from: from === undefined ? undefined : Math.ceil(inSeconds(from)),
    to: to === undefined ? undefined : Math.floor(inSeconds(to)),
  };
}

function inSeconds(time: number): number {
  return time >= MILLISECONDS_FROM ? time / 1000 : time;
}

/** The parameters in force, as page URLs repeat them: `search[…]` in the order of the documentation. */
export function toPageQuery({ search, per_page }: FollowListDto): Record<string, unknown> {
  if (!search) return { per_page };
  const { tags_data, time, 类型, type = 类型, ...given } = search;
  return {
    per_page,
    search: {
      ...given,
      type,
      类型: 类型 === type ? undefined : 类型,
      tags_data: tags_data.length > 0 ? tags_data.join(',') : undefined,
      time: time.from === undefined && time.to === undefined ? undefined : [time.from ?? '', time.to ?? ''],
    },
  };
}
