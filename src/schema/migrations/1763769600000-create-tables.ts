import { MigrationInterface, QueryRunner, Table } from 'typeorm';
import { bigint, generatedId, integer, primary, text, tinyint, useBinaryUtf8, varchar, wallClock } from './columns';

const user = new Table({
  name: 'user',
  columns: [
    primary(bigint('user_id'), 'pk_user'),
    varchar('username', 64),
    varchar('password_hash', 255),
    tinyint('is_super', 0),
    tinyint('is_available', 1),
    varchar('mobile', 32, ''),
    varchar('description', 255, ''),
    varchar('extension', 32, ''),
    varchar('email', 255, ''),
    varchar('address', 255, ''),
    varchar('reference', 255, ''),
    varchar('created', 19),
  ],
  indices: [{ name: 'uq_user_username', columnNames: ['username'], isUnique: true }],
});

const session = new Table({
  name: 'session',
  columns: [
    primary(varchar('token_hash', 64), 'pk_session'),
    varchar('refresh_hash', 64),
    bigint('user_id'),
    varchar('keep_alive', 8),
    bigint('expires_at'),
    bigint('refresh_expires_at'),
  ],
  indices: [
    { name: 'uq_session_refresh', columnNames: ['refresh_hash'], isUnique: true },
    { name: 'ix_session_user', columnNames: ['user_id'] },
    { name: 'ix_session_refresh_expires', columnNames: ['refresh_expires_at'] },
  ],
});

const failedAttempt = new Table({
  name: 'failed_attempt',
  columns: [generatedId('pk_failed_attempt'), varchar('subject', 100), bigint('failed_at')],
  indices: [{ name: 'ix_failed_attempt_subject', columnNames: ['subject', 'failed_at'] }],
});

const enterprise = new Table({
  name: 'enterprise',
  columns: [primary(integer('id'), 'pk_enterprise'), integer('uniacid'), varchar('name', 255), tinyint('status', 1)],
  indices: [{ name: 'ix_enterprise_uniacid', columnNames: ['uniacid', 'id'] }],
});

const enterpriseRight = new Table({
  name: 'enterprise_right',
  columns: [
    primary(integer('uniacid'), 'pk_enterprise_right'),
    primary(integer('business_id'), 'pk_enterprise_right'),
    primary(bigint('user_id'), 'pk_enterprise_right'),
    tinyint('identity'),
  ],
  indices: [{ name: 'ix_enterprise_right_user', columnNames: ['user_id', 'uniacid'] }],
});

const enterpriseChoice = new Table({
  name: 'enterprise_choice',
  columns: [
    primary(bigint('user_id'), 'pk_enterprise_choice'),
    primary(integer('uniacid'), 'pk_enterprise_choice'),
    integer('business_id'),
  ],
});

const customer = new Table({
  name: 'customer',
  columns: [primary(bigint('customer_id'), 'pk_customer'), varchar('name', 255, ''), varchar('secret', 64)],
});

const userCustomer = new Table({
  name: 'user_customer',
  columns: [
    primary(bigint('user_id'), 'pk_user_customer'),
    primary(bigint('customer_id'), 'pk_user_customer'),
    { ...text('template'), isNullable: true },
    { ...text('script'), isNullable: true },
    varchar('reference', 255, ''),
    wallClock('created'),
    tinyint('is_available', 1),
    tinyint('boss_sync', 0),
  ],
  indices: [
    { name: 'ix_user_customer_user_created', columnNames: ['user_id', 'created', 'customer_id'] },
    { name: 'ix_user_customer_created', columnNames: ['created', 'customer_id', 'user_id'] },
    { name: 'ix_user_customer_customer', columnNames: ['customer_id'] },
  ],
});

const live = ['uniacid', 'crop_id', 'deleted_at'];

const wechatFollow = new Table({
  name: 'wechat_follow',
  columns: [
    generatedId('pk_wechat_follow'),
    integer('uniacid'),
    integer('crop_id'),
    bigint('uid', { default: 0 }),
    varchar('userid', 64),
    varchar('external_userid', 64),
    varchar('remark', 255, ''),
    varchar('description', 1024, ''),
    bigint('customer_create_time', { default: 0 }),
    varchar('remark_corp_name', 255, ''),
    varchar('remark_mobiles', 1024, '[]'),
    varchar('oper_userid', 64, ''),
    text('tag_id'),
    bigint('createtime'),
    varchar('add_way', 8, '0'),
    varchar('state', 64, ''),
    tinyint('status', 1),
    wallClock('created_at'),
    wallClock('updated_at'),
    wallClock('deleted_at'),
    integer('customer_pk', { isNullable: true }),
    integer('employee_pk', { isNullable: true }),
    tinyint('external_type', 1),
  ],
  indices: [
    { name: 'uq_follow', columnNames: ['uniacid', 'crop_id', 'userid', 'external_userid'], isUnique: true },
    { name: 'ix_follow_list', columnNames: live },
    { name: 'ix_follow_dim', columnNames: [...live, 'status', 'add_way', 'external_type'] },
    {
      name: 'ix_follow_owner',
      columnNames: [...live, 'userid', 'id', 'status', 'add_way', 'external_type', 'createtime'],
    },
    { name: 'ix_follow_time', columnNames: [...live, 'createtime'] },
    {
      name: 'ix_follow_scan',
      columnNames: [...live, 'id', 'status', 'add_way', 'external_type', 'userid', 'createtime', 'customer_pk'],
    },
    { name: 'ix_follow_customer', columnNames: ['customer_pk'] },
  ],
});

const wechatCustomer = new Table({
  name: 'wechat_customer',
  columns: [
    generatedId('pk_wechat_customer'),
    integer('uniacid'),
    integer('crop_id'),
    bigint('uid', { default: 0 }),
    varchar('external_userid', 64),
    varchar('name', 255, ''),
    varchar('avatar', 1024, ''),
    tinyint('external_type', 1),
    tinyint('gender', 0),
    varchar('unionid', 64, ''),
    varchar('position', 255, ''),
    varchar('corp_name', 255, ''),
    varchar('corp_full_name', 255, ''),
    text('external_profile'),
    tinyint('is_member', 0),
    wallClock('created_at'),
    wallClock('updated_at'),
    wallClock('deleted_at'),
  ],
  indices: [
    { name: 'uq_wechat_customer', columnNames: ['uniacid', 'crop_id', 'external_userid'], isUnique: true },
    { name: 'ix_wechat_customer_uid', columnNames: ['uniacid', 'crop_id', 'uid'] },
  ],
});

const wechatEmployee = new Table({
  name: 'wechat_employee',
  columns: [
    generatedId('pk_wechat_employee'),
    integer('uniacid'),
    integer('business_id'),
    bigint('uid', { default: 0 }),
    varchar('user_id', 64),
    varchar('name', 255, ''),
    varchar('mobile', 32, ''),
    varchar('position', 255, ''),
    tinyint('gender', 0),
    varchar('telephone', 32, ''),
    varchar('email', 255, ''),
    varchar('avatar', 1024, ''),
    varchar('alias', 255, ''),
    tinyint('status', 1),
    varchar('qr_code', 1024, ''),
    varchar('address', 255, ''),
    varchar('open_userid', 64, ''),
    varchar('main_department', 32, ''),
    wallClock('updated_at'),
    wallClock('created_at'),
    wallClock('deleted_at'),
    tinyint('right_type', 0),
    tinyint('disabled', 0),
  ],
  indices: [{ name: 'uq_wechat_employee', columnNames: ['uniacid', 'business_id', 'user_id'], isUnique: true }],
});

const wechatTag = new Table({
  name: 'wechat_tag',
  columns: [
    generatedId('pk_wechat_tag'),
    integer('uniacid'),
    integer('crop_id'),
    varchar('tag_id', 64),
    varchar('name', 255),
    bigint('create_time', { default: 0 }),
    bigint('order', { default: 0 }),
    wallClock('created_at'),
    wallClock('updated_at'),
    wallClock('deleted_at'),
    varchar('group_id', 64, ''),
    varchar('group_name', 255, ''),
  ],
  indices: [{ name: 'uq_wechat_tag', columnNames: ['uniacid', 'crop_id', 'tag_id'], isUnique: true }],
});

const wechatFollowTag = new Table({
  name: 'wechat_follow_tag',
  columns: [primary(integer('tag_pk'), 'pk_wechat_follow_tag'), primary(integer('follow_id'), 'pk_wechat_follow_tag')],
  indices: [{ name: 'ix_follow_tag_follow', columnNames: ['follow_id', 'tag_pk'] }],
});

const tables = [
  user,
  session,
  failedAttempt,
  enterprise,
  enterpriseRight,
  enterpriseChoice,
  customer,
  userCustomer,
  wechatFollow,
  wechatCustomer,
  wechatEmployee,
  wechatTag,
  wechatFollowTag,
];

/** The first schema: accounts and sessions, enterprises and rights, and the tables of both families. */
export class CreateTables1763769600000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const table of tables) await queryRunner.createTable(table.clone());
    await useBinaryUtf8(
      queryRunner,
      tables.map(({ name }) => name),
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of [...tables].reverse()) await queryRunner.dropTable(table.name);
  }
}
