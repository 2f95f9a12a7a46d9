import { ApiProperty } from '@nestjs/swagger';
import { digits, Field, longText, required, text } from '../../http/input/fields';
import { ID } from '../../http/openapi/schema';
import { clearable } from '../clearable';
import type { Condition } from '../list/condition';
import { ConditionOn, ListDto } from '../list/list.dto';
import { CUSTOMER_COLUMNS } from './customer-query';

/** The lists of customers (CONTRACT 1.4). */
export class CustomerListDto extends ListDto {
  @ConditionOn(CUSTOMER_COLUMNS, '[["customer_name", "LIKE", "示例"]]')
  condition: Condition[] = [];
}

/** One customer (CONTRACT 1.4). */
export class CustomerIdDto {
  @Field(required(digits), { description: '客户标识 / customer id', ...ID, example: '1001' })
  customer_id: number;
}

/** Text of at most `max` characters; absent it stays unchanged, null and '' clear it. */
const Text = (max: number, description: string, example: string) =>
  Field(clearable(text(max), ''), { description, type: String, nullable: true, required: false, example });

/** Text of at most 65535 bytes, kept verbatim and never evaluated; absent it stays unchanged, null and '' clear it. */
const LongText = (description: string) =>
  Field(clearable(longText, null), { description, type: String, nullable: true, required: false, example: '' });

/** The texts of a customer that may be empty. */
abstract class CustomerTextsDto extends CustomerIdDto {
  @Text(1024, '说明 / description', '')
  description?: string;

  @Text(64, '扩展标识 / id in another system', '')
  exp_id?: string;

  @Text(64, '省 / province', '广东省')
  province?: string;

  @Text(64, '市 / city', '广州市')
  city?: string;

  @Text(255, '地址 / address', '')
  address?: string;

  @Text(64, '电话 / telephone', '')
  phone?: string;

  @Text(255, '联系人 / person to talk to', '王经理')
  contact?: string;

  @Text(32, '手机 / mobile number', '')
  mobile?: string;

  @Text(255, '邮箱 / email', '')
  email?: string;

  @LongText('模板/样式，原样保存 / template, kept verbatim')
  template?: string | null;

  @LongText('脚本，原样保存 / script, kept verbatim')
  script?: string | null;

  @Text(255, '参考号 / reference', '')
  reference?: string;
}

const nameOf = required(text(255));
const secretOf = required(text(64));
const name = { description: '客户名称，1 至 255 个字符 / name, never empty', type: String, example: '示例客户一' };
const secret = {
  description: '授权码，1 至 64 个字符 / the code that a user needs to follow the customer, never empty',
  type: String,
  example: '5JHC',
};

/** A new customer (CONTRACT 1.4); a text that is absent is empty. */
export class AddCustomerDto extends CustomerTextsDto {
  @ApiProperty({ example: '1005' }) // one that the demo does not have yet
  declare customer_id: number;

  @Field(nameOf, name)
  customer_name: string;

  @Field(secretOf, secret)
  secret: string;
}

/** A change of a customer (CONTRACT 1.4); a field that is absent stays unchanged. */
export class EditCustomerDto extends CustomerTextsDto {
  @Field(unlessAbsent(nameOf), { ...name, required: false })
  customer_name?: string;

  @Field(unlessAbsent(secretOf), { ...secret, required: false })
  secret?: string;
}

/** Unlike `optional`, refuses null and '': a client that sends them wants the field cleared. */
function unlessAbsent<T>(parse: (raw: unknown) => T): (raw: unknown) => T | undefined {
  return (raw) => (raw === undefined ? undefined : parse(raw));
}
