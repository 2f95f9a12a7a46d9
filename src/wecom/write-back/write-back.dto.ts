import { digits, Field, list, required, text, trimmed } from '../../http/input/fields';
import { Invalid } from '../../http/input/invalid';
import { IDS, TEXTS } from '../../http/openapi/schema';

/** Bounds the follows of a request, which are written one call each. */
const MAX_FOLLOWS = 100;
/** Bounds the tags to add, and those to remove. */
const MAX_TAGS = 100;
/** WeCom's own limit. */
const MAX_MOBILES = 5;

const ID_OPTIONS = {
  description:
    '跟进记录 id，一个或至多 100 个，逗号分隔或列表 / ids of follows, one or up to 100, joined by commas or as a list',
  ...IDS,
  example: '63,62',
};

/** The parameters of remark; at least one besides id. */
export class RemarkDto {
  @Field(required(followIds), ID_OPTIONS)
  id: number[];

  @Field(cleared(text(20)), {
    description: '备注，至多 20 字，空为清除 / remark, up to 20 characters, empty clears',
    type: String,
    required: false,
    example: '李总',
  })
  remark?: string;

  @Field(cleared(text(150)), {
    description: '描述，至多 150 字，空为清除 / description, up to 150 characters, empty clears',
    type: String,
    required: false,
    example: '',
  })
  description?: string;

  @Field(cleared(text(20)), {
    description:
      '备注企业名，至多 20 字，空为清除，仅微信用户 / noted company, up to 20 characters, empty clears, of WeChat users only',
    type: String,
    required: false,
    example: '芸众',
  })
  remark_corp_name?: string;

  @Field(mobileList, {
    description:
      '备注手机号，至多 5 个，逗号分隔或列表，空为清除 / noted mobile numbers, up to 5, joined by commas or as a list, empty clears',
    ...TEXTS,
    required: false,
    example: '13800001000',
  })
  remark_mobiles?: string[];
}

/** The parameters of markTag; at least one tag. */
export class MarkTagDto {
  @Field(required(followIds), ID_OPTIONS)
  id: number[];

  @Field(tagList, {
    description: '添加的标签 tag_id，逗号分隔或列表 / tags to add, joined by commas or as a list',
    ...TEXTS,
    required: false,
    example: 'etDesSDgAAB6_PNgMEt6fWHVVJhceQow',
  })
  add_tag: string[] = [];

  @Field(tagList, {
    description: '移除的标签 tag_id，逗号分隔或列表 / tags to remove, joined by commas or as a list',
    ...TEXTS,
    required: false,
    example: 'etDesSDgAAYoJscGWjVDukf38n7PJIOg',
  })
  remove_tag: string[] = [];
}

/** Absent it stays, null or '' clears it, as in an edit (CONTRACT 1.3). */
function cleared(parse: (raw: unknown) => string): (raw: unknown) => string | undefined {
  return (raw) => (raw === undefined ? undefined : raw === null || raw === '' ? '' : parse(raw));
}

/** The parts of texts joined by commas, or of a list of them; trimmed, without empty ones. */
function parts(raw: unknown): string[] {
  const one = (item: unknown) => text(10_000)(typeof item === 'number' ? String(item) : (item ?? ''));
  const texts = typeof raw === 'object' && raw !== null ? list(one, '必须是字符串')(raw) : [one(raw)];
  return texts
    .flatMap((item) => item.split(','))
    .map(trimmed)
    .filter((item) => item !== '');
}

function atMost<T>(max: number, items: T[]): T[] {
  if (items.length > max) throw new Invalid(`不能超过${max}个`);
  return items;
}

function followIds(raw: unknown): number[] {
  const ids = parts(raw);
  if (ids.length === 0) throw new Invalid('不能为空');
  return atMost(MAX_FOLLOWS, ids).map(digits);
}

function tagList(raw: unknown): string[] {
  return atMost(MAX_TAGS, [...new Set(parts(raw))]).map(text(64));
}

function mobileList(raw: unknown): string[] | undefined {
  return raw === undefined ? undefined : atMost(MAX_MOBILES, parts(raw)).map(text(32));
}
