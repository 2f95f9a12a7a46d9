import { assertStorable } from '../../database/storable';
import { Customer } from '../../user-customer/entities/customer.entity';
import { compareCustomers, GivenCustomer } from '../targets/customers';
import { Fields, id, readRow, required, text, textOrNull, time } from './fields';
import { itself, Kind } from './kind';

const FIELDS: Fields = {
  customer_id: required(id('customerId', '客户标识')),
  customer_name: text('name', '客户名称'),
  description: text('description', '说明'),
  secret: text('secret', '授权码'),
  exp_id: text('expId', '扩展标识'),
  province: text('province', '省'),
  city: text('city', '市'),
  address: text('address', '地址'),
  phone: text('phone', '电话'),
  contact: text('contact', '联系人'),
  mobile: text('mobile', '手机'),
  email: text('email', '邮箱'),
  template: textOrNull('template', '模板/样式'),
  script: textOrNull('script', '脚本'),
  reference: text('reference', '参考号'),
  created: time('created', '创建时间'),
};

/** The customers of family A (CONTRACT 1.4). */
export const customers: Kind<GivenCustomer> = {
  isOfEnterprise: false,
  fields: FIELDS,
  read: (row, { metadataOf }) => {
    const customer = readRow(FIELDS, row) as unknown as GivenCustomer;
    if (customer.secret === '') delete customer.secret; // hidden from who may not see it, never a code
    assertStorable(metadataOf(Customer), customer);
    return customer;
  },
  said: (row) => [itself(`customer ${row.customerId}`, row)],
  compare: compareCustomers,
};
