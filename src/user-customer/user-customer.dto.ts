import { ApiProperty } from '@nestjs/swagger';
import { digits, Field, list, longText, parseJson, required, text } from '../http/input/fields';
import { Invalid } from '../http/input/invalid';
import { ID, jsonOr } from '../http/openapi/schema';
import { clearable } from './clearable';
import type { Condition } from './list/condition';
import { ConditionOn, ListDto } from './list/list.dto';
import { RELATION_COLUMNS } from './relation-query';

/** Bounds the rows that one transaction locks and logs (CONTRACT 1.3): the largest page, selected whole. */
const MAX_IDS = 1000;

const userId = { description: '用户标识 / user id', ...ID, example: '998' };
const customerId = { description: '客户标识 / customer id', ...ID, example: '1001' };
const template = {
  description: '模板/样式，原样保存 / template, kept verbatim',
  type: String,
  nullable: true,
  required: false,
  example: '',
};
const script = {
  description: '脚本，原样保存 / script, kept verbatim',
  type: String,
  nullable: true,
  required: false,
  example: '',
};
const reference = { description: '参考号 / reference', type: String, nullable: true, required: false, example: '' };

export class GetListDto extends ListDto {
  @ConditionOn(RELATION_COLUMNS, '[["user_id", "=", "998"]]')
  condition: Condition[] = [];
}

export class PairDto {
  @Field(required(digits), userId)
  user_id: number;

  @Field(required(digits), customerId)
  customer_id: number;
}

/** The relations of a user, narrowed as any list: the vendor's callers send these parameters with every list. */
export class GetCustomerListDto extends GetListDto {
  @Field(required(digits), userId)
  user_id: number;
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
  @ApiProperty({ example: '1003' }) // one that the demo's user does not follow yet
  declare customer_id: number;

  @Field(required(text(64)), { description: '授权码 / the code of the customer', type: String, example: 'W2MX' })
  secret: string;
}

export class MultiDeleteDto {
  @Field(required(digits), userId)
  user_id: number;

  @Field(required(idList), {
    description: '客户标识列表，JSON 文本或数组，最多 1000 / customer ids, JSON text or an array',
    ...jsonOr(ID),
    example: '["1001", "1002"]',
  })
  customer_id: number[];
}

const NO_LIST = '必须是 JSON 数组，如 ["10001", "10002"]';

function idList(raw: unknown): number[] {
  const ids = new Set(list(digits, NO_LIST)(typeof raw === 'string' ? parseJson(raw) : raw));
  if (ids.size === 0) throw new Invalid('不能为空');
  if (ids.size > MAX_IDS) throw new Invalid(`不能超过${MAX_IDS}个`);
  return [...ids];
}
