import { MigrationInterface, QueryRunner, Table, TableColumn, TableIndex } from 'typeorm';
import { bigint, integer, primary, tinyint, useBinaryUtf8, varchar } from './columns';

const termKey = 'pk_wechat_follow_term';
const countKey = 'pk_wechat_follow_count';

const wechatFollowTerm = new Table({
  name: 'wechat_follow_term',
  columns: [
    primary(integer('uniacid'), termKey),
    primary(integer('crop_id'), termKey),
    primary(bigint('term'), termKey),
    primary(integer('follow_id'), termKey),
  ],
  indices: [{ name: 'ix_follow_term_follow', columnNames: ['follow_id'] }],
});

const wechatFollowCount = new Table({
  name: 'wechat_follow_count',
  columns: [
    primary(integer('uniacid'), countKey),
    primary(integer('crop_id'), countKey),
    primary(varchar('subset', 80), countKey),
    primary(tinyint('status'), countKey),
    primary(varchar('add_way', 8), countKey),
    primary(tinyint('external_type'), countKey),
    bigint('n'),
    integer('newest_id'),
  ],
});

/** The links of the first schema: what they say is in `tag_id` and in the terms. */
const wechatFollowTag = new Table({
  name: 'wechat_follow_tag',
  columns: [primary(integer('tag_pk'), 'pk_wechat_follow_tag'), primary(integer('follow_id'), 'pk_wechat_follow_tag')],
  indices: [{ name: 'ix_follow_tag_follow', columnNames: ['follow_id', 'tag_pk'] }],
});

const live = ['uniacid', 'crop_id', 'deleted_at'];

const oldIndices = [
  { name: 'ix_follow_list', columnNames: live },
  { name: 'ix_follow_time', columnNames: [...live, 'createtime'] },
  {
    name: 'ix_follow_scan',
    columnNames: [...live, 'id', 'status', 'add_way', 'external_type', 'userid', 'createtime', 'customer_pk'],
  },
];

const newIndices = [
  { name: 'ix_follow_member', columnNames: [...live, 'customer_uid'] },
  { name: 'ix_follow_time', columnNames: [...live, 'createtime', 'status', 'add_way', 'external_type'] },
  {
    name: 'ix_follow_scan',
    columnNames: [...live, 'id', 'status', 'add_way', 'external_type', 'userid', 'createtime', 'customer_uid'],
  },
];

/** The list at a million relations: terms to find by, counters for totals, revisions for what is kept in memory. */
export class IndexFollows1763856000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.addColumns('enterprise', [
      new TableColumn(bigint('follows_revision', { default: 0 })),
      new TableColumn(bigint('lists_revision', { default: 0 })),
    ]);
    await queryRunner.dropIndices('wechat_follow', indices(oldIndices));
    await queryRunner.dropColumn('wechat_follow', 'employee_pk');
    await queryRunner.addColumn('wechat_follow', new TableColumn(bigint('customer_uid', { isNullable: true })));
    await queryRunner.createIndices('wechat_follow', indices(newIndices));
    await queryRunner.createTable(wechatFollowTerm.clone());
    await queryRunner.createTable(wechatFollowCount.clone());
    await useBinaryUtf8(queryRunner, [wechatFollowCount.name]);
    await queryRunner.dropTable('wechat_follow_tag');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.createTable(wechatFollowTag.clone());
    await queryRunner.query(
      `INSERT INTO wechat_follow_tag (tag_pk, follow_id)
       SELECT wechat_follow_term.term, wechat_follow_term.follow_id FROM wechat_follow_term
       JOIN wechat_tag ON wechat_tag.id = wechat_follow_term.term`,
    );
    await queryRunner.dropTable('wechat_follow_count');
    await queryRunner.dropTable('wechat_follow_term');
    await queryRunner.dropIndices('wechat_follow', indices(newIndices));
    await queryRunner.dropColumn('wechat_follow', 'customer_uid');
    await queryRunner.addColumn('wechat_follow', new TableColumn(integer('employee_pk', { isNullable: true })));
    await queryRunner.query(
      `UPDATE wechat_follow SET employee_pk = (SELECT wechat_employee.id FROM wechat_employee
         WHERE wechat_employee.uniacid = wechat_follow.uniacid AND wechat_employee.business_id = wechat_follow.crop_id
         AND wechat_employee.user_id = wechat_follow.userid)`,
    );
    await queryRunner.createIndices('wechat_follow', indices(oldIndices));
    await queryRunner.dropColumns('enterprise', ['follows_revision', 'lists_revision']);
  }
}

function indices(definitions: { name: string; columnNames: string[] }[]): TableIndex[] {
  return definitions.map((definition) => new TableIndex(definition));
}
