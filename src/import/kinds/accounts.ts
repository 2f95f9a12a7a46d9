import { User } from '../../auth/entities/user.entity';
import { hashFault } from '../../auth/passwords';
import { assertStorable } from '../../database/storable';
import { compareAccounts, GivenAccount } from '../targets/accounts';
import { Field, Fields, id, oneOf, readRow, required, text, time, Unreadable } from './fields';
import { itself, Kind } from './kind';

/** Absent or empty: nobody can sign in to a new account until `account password` sets one. */
const hash: Field = {
  property: 'passwordHash',
  chinese: '密码哈希',
  read: (raw) => {
    if (raw === null || raw === '') return undefined;
    const fault = typeof raw === 'string' ? hashFault(raw) : 'must be a text';
    if (fault) throw new Unreadable(fault);
    return raw;
  },
};

const timeOrNow = (field: Field): Field => ({
  ...field,
  emptyCell: undefined,
  read: (raw) => field.read(raw) ?? undefined,
});

const FIELDS: Fields = {
  user_id: required(id('userId', '用户标识')),
  username: required(text('username', '用户名')),
  password_hash: hash,
  is_super: oneOf('isSuper', '超级管理员', 0, 1),
  is_available: oneOf('isAvailable', '可用', 0, 1),
  mobile: text('mobile', '手机'),
  description: text('description', '说明'),
  extension: text('extension', '分机'),
  email: text('email', '邮箱'),
  address: text('address', '地址'),
  reference: text('reference', '参考号'),
  created: timeOrNow(time('created', '创建时间')), // every account of ours has one
};

/** The accounts of family A (CONTRACT 1.2). */
export const accounts: Kind<GivenAccount> = {
  isOfEnterprise: false,
  fields: FIELDS,
  read: (row, context) => {
    const account = readRow(FIELDS, row) as unknown as GivenAccount;
    assertStorable(context.metadataOf(User), account);
    return account;
  },
  said: (row) => [
    itself(`account ${row.userId}`, row),
    { key: `user name ${row.username}`, content: row.userId, otherwise: 'its user name was given before' },
  ],
  compare: compareAccounts,
};
