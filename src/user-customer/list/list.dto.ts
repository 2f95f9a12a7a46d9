import { Field, flag, optional, positive } from '../../http/input/fields';
import { Columns, Condition, conditionOn } from './condition';
import { endOf, startOf } from '../../http/input/time-range';
import { jsonOr } from '../../http/openapi/schema';

/** A condition's key, operator and value. */
const TRIPLE = { type: 'array', items: { type: ['string', 'integer'] }, minItems: 3, maxItems: 3 };

/** The part of a list that a request asks for (CONTRACT 1.3). */
export class PageDto {
  @Field(optional(positive), {
    description: '查询页码，缺省 1 / page, from 1 on',
    type: Number,
    required: false,
    example: 1,
  })
  page_index?: number;

  @Field(optional(positive), {
    description: '每页记录数，缺省 20，最大 1000 / rows a page',
    type: Number,
    required: false,
    example: 20,
  })
  page_size?: number;

  @Field(optional(flag), {
    description: '1 一页返回全部记录，最多 10000；缺省 0 / 1: all rows in one page, at most 10000',
    type: Number,
    required: false,
    enum: [0, 1],
    example: 0,
  })
  is_all?: boolean;
}

/** A page of the rows created in a range of time. A list adds its own {@link ConditionOn}. */
export abstract class ListDto extends PageDto {
  abstract condition: Condition[];

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

/** The parameter `condition` of a list. @param example a condition as JSON text */
export const ConditionOn = (columns: Columns, example: string) =>
  Field(conditionOn(columns), {
    description:
      '查询条件 [[查询值, 运算符, 查询内容], …]，JSON 文本或数组；运算符 = > < >= <= != <> LIKE / conditions joined by AND',
    ...jsonOr(TRIPLE),
    required: false,
    example,
  });
