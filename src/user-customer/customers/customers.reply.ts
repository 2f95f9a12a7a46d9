import { ApiProperty } from '@nestjs/swagger';
import { TIME } from '../../http/openapi/schema';
import type { Customer } from '../entities/customer.entity';
import type { Encoded } from '../../http/output/json';
import { ListPageReply } from '../list/list-page.reply';

/** A customer on the wire; the order of the keys is the contract's (CONTRACT 1.4). */
export class CustomerReply {
  @ApiProperty({ description: '客户标识 / customer id', example: 1001 })
  customer_id: number;

  @ApiProperty({ description: '客户名称 / name', example: '示例客户一' })
  customer_name: string;

  @ApiProperty({ description: '说明 / description', example: '' })
  description: string;

  @ApiProperty({ description: '授权码，仅超级用户可见 / code, "" unless is_super asks', example: '5JHC' })
  secret: string;

  @ApiProperty({ description: '扩展标识 / id in another system', example: '' })
  exp_id: string;

  @ApiProperty({ description: '省 / province', example: '广东省' })
  province: string;

  @ApiProperty({ description: '市 / city', example: '广州市' })
  city: string;

  @ApiProperty({ description: '地址 / address', example: '' })
  address: string;

  @ApiProperty({ description: '电话 / telephone', example: '' })
  phone: string;

  @ApiProperty({ description: '联系人 / person to talk to', example: '王经理' })
  contact: string;

  @ApiProperty({ description: '手机 / mobile number', example: '' })
  mobile: string;

  @ApiProperty({ description: '邮箱 / email', example: '' })
  email: string;

  @ApiProperty({ description: '模板/样式 / template', type: String, nullable: true, example: null })
  template: string | null;

  @ApiProperty({ description: '脚本 / script', type: String, nullable: true, example: null })
  script: string | null;

  @ApiProperty({ description: '参考号 / reference', example: '' })
  reference: string;

  @ApiProperty({
    description: '创建时间 UTC+8 / created',
    ...TIME,
    nullable: true,
    example: '2018-11-28 10:00:00',
  })
  created: string | null;
}

export class CustomerPageReply extends ListPageReply<CustomerReply> {
  @ApiProperty({ description: '记录 / rows', type: [CustomerReply] })
  data: CustomerReply[] | Encoded;
}

/** @param showsSecret false hides the code, because any user who knows it can follow the customer */
export function toCustomerReply(customer: Customer, showsSecret: boolean): CustomerReply {
  return {
    customer_id: customer.customerId,
    customer_name: customer.name,
    description: customer.description,
    secret: showsSecret ? customer.secret : '',
    exp_id: customer.expId,
    province: customer.province,
    city: customer.city,
    address: customer.address,
    phone: customer.phone,
    contact: customer.contact,
    mobile: customer.mobile,
    email: customer.email,
    template: customer.template,
    script: customer.script,
    reference: customer.reference,
    created: customer.created,
  };
}
