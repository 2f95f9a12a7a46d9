import { ApiProperty } from '@nestjs/swagger';
import { digits, Field, longText, optional, positive, required, text } from '../http/input/fields';
import { Invalid } from '../http/input/invalid';
import { Condition, parseCondition } from './list/condition';
import { endOf, startOf } from './list/time-range';

const MAX_IDS = 1000;

const userId = { description: '用户标识 / user id', type: String, example: '998' };
const customerId = { description: '客户标识 / customer id', type: String, example: '1001' };
const pageIndex = { description: '查询页码，缺省 1 / page, from 1 on', type: Number, required: false, example: 1 };
const pageSize = {
  description: '每页记录数，缺省 20，最大 1000 / rows a page',
  type: Number,
  required: false,
  example: 20,
};
const template = { description: '模板/样式，原样保存 / template, kept verbatim', type: String, required: false };
const script = { description: '脚本，原样保存 / script, kept verbatim', type: String, required: false };
const reference = { description: '参考号 / reference', type: String, required: false, example: '' };

export class GetListDto {
  @Field(optional(positive), pageIndex)
  page_index?: number;

  @Field(optional(positive), pageSize)
  page_size?: number;

  @Field(parseCondition, {
    description:
      '查询条件 [[查询值, 运算符, 查询内容], …]，JSON 文本或数组；运算符 = > < >= <= != <> LIKE / conditions joined by AND',
    type: String,
    required: false,
    example: '[["user_id", "=", "998"]]',
  })
  condition: Condition[] = [];

  @Field(optional(startOf), {
    description: '创建时间起 UTC+8，含 / created from, inclusive',
    type: String,
    required: false,
    example: '2018-11-28 00:00:00',
  })
  start_time?: string;

  @Field(optional(endOf), {
    description: '创建时间止 UTC+8，含；只有日期时为当日最后一秒 / created to, inclusive',
    type: String,
    required: false,
    example: '2018-11-28',
  })
  end_time?: string;
}

export class PairDto {
  @Field(required(digits), userId)
  user_id: number;

  @Field(required(digits), customerId)
  customer_id: number;
}

export class GetCustomerListDto {
  @Field(required(digits), userId)
  user_id: number;

  @Field(optional(positive), pageIndex)
  page_index?: number;

  @Field(optional(positive), pageSize)
  page_size?: number;
}

/**
 * An absent field stays unchanged; an explicit null or '' clears it (null for template and script, '' for reference).
 */
export class EditDto extends PairDto {
  @Field(clearable(longText, null), template)
  template?: string | null;

  @Field(clearable(longText, null), script)
  script?: string | null;

  @Field(clearable(text(255), ''), reference)
  reference?: string;
}

export class AddDto extends EditDto {
  @Field(required(text(64)), { description: '授权码 / the code of the customer', type: String, example: '5JHC' })
  secret: string;
}

export class MultiDeleteDto {
  @Field(required(digits), userId)
  user_id: number;

  @Field(required(idList), {
    description: '客户标识列表，JSON 文本或数组，最多 1000 / customer ids, JSON text or an array',
    type: String,
    example: '["10001", "10002"]',
  })
  customer_id: number[];
}

function clearable<T, E>(parse: (raw: unknown) => T, empty: E): (raw: unknown) => T | E | undefined {
  return (raw) => (raw === undefined ? undefined : raw === null || raw === '' ? empty : parse(raw));
}

function idList(raw: unknown): number[] {
  const list = typeof raw === 'string' ? parseList(raw) : raw;
  if (!Array.isArray(list)) throw new Invalid('必须是 JSON 数组，如 ["10001", "10002"]');
  const given = list.filter((id) => id !== undefined); // gaps of customer_id[5]=…
  if (given.length === 0) throw new Invalid('不能为空');
  if (given.length > MAX_IDS) throw new Invalid(`不能超过${MAX_IDS}个`);
  return [...new Set(given.map(digits))];
}

function parseList(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new Invalid('不是合法的 JSON');
  }
}

/** A relation on the wire; the order of the keys is the contract's. */
export class RelationReply {
  @ApiProperty({ description: '用户标识 / user id', example: 998 })
  user_id: number;

  @ApiProperty({ description: '客户标识 / customer id', example: 1001 })
  customer_id: number;

  @ApiProperty({ description: '模板/样式 / template', type: String, nullable: true, example: null })
  template: string | null;

  @ApiProperty({ description: '脚本 / script', type: String, nullable: true, example: null })
  script: string | null;

  @ApiProperty({ description: '参考号 / reference', example: '' })
  reference: string;

  @ApiProperty({
    description: '创建时间 UTC+8 / created',
    type: String,
    nullable: true,
    example: '2018-11-28 10:40:31',
  })
  created: string | null;

  @ApiProperty({ description: '1 可用 / 1: available', example: 1, enum: [0, 1] })
  is_available: number;

  @ApiProperty({ description: 'BOSS 同步 / synchronised with BOSS', example: 0, enum: [0, 1] })
  boss_sync: number;
}

export class RelationPageReply {
  @ApiProperty({ description: '页码，原样返回 / page asked for', example: 1 })
  page_index: number;

  @ApiProperty({ description: '每页记录数 / rows a page', example: 20 })
  page_size: number;

  @ApiProperty({ description: '总页数，无记录为 0 / pages, 0 when empty', example: 1 })
  total_pages: number;

  @ApiProperty({ description: '总记录数 / rows in all', example: 2 })
  total_records: number;

  @ApiProperty({ description: '记录 / rows', type: [RelationReply] })
  data: RelationReply[];
}

/** A row of a list. */
export type CountedRelation = RelationReply & {
  /** Rows of the whole list. */
  total: number;
};

export function toRelationPageReply(
  rows: CountedRelation[],
  total: number,
  index: number,
  size: number,
): RelationPageReply {
  return {
    page_index: index,
    page_size: size,
    total_pages: Math.ceil(total / size),
    total_records: total,
    data: rows.map(toRelationReply),
  };
}

function toRelationReply(row: CountedRelation): RelationReply {
  const { user_id, customer_id, template, script, reference, created, is_available, boss_sync } = row;
  return { user_id, customer_id, template, script, reference, created, is_available, boss_sync };
}
