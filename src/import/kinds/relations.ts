import { assertStorable } from '../../database/storable';
import { UserCustomer } from '../../user-customer/entities/user-customer.entity';
import { compareRelations, GivenRelation } from '../targets/relations';
import { Fields, id, oneOf, readRow, required, text, textOrNull, time } from './fields';
import { itself, Kind } from './kind';

const FIELDS: Fields = {
  user_id: required(id('userId', '用户标识')),
  customer_id: required(id('customerId', '客户标识')),
  template: textOrNull('template', '模板/样式'),
  script: textOrNull('script', '脚本'),
  reference: text('reference', '参考号'),
  created: time('created', '创建时间'),
  is_available: oneOf('isAvailable', '可用', 0, 1),
  boss_sync: oneOf('bossSync', 'BOSS同步', 0, 1),
};

/** The relations of family A (CONTRACT 1.3). */
export const relations: Kind<GivenRelation> = {
  isOfEnterprise: false,
  fields: FIELDS,
  read: (row, { metadataOf }) => {
    const relation = readRow(FIELDS, row) as unknown as GivenRelation;
    assertStorable(metadataOf(UserCustomer), relation);
    return relation;
  },
  said: (row) => [itself(`relation ${row.userId} ${row.customerId}`, row)],
  compare: compareRelations,
};
