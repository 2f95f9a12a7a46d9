import { MigrationInterface, QueryRunner, Table } from 'typeorm';
import { integer, primary } from './columns';

const wechatFollowTag = new Table({
  name: 'wechat_follow_tag',
  columns: [primary(integer('tag_pk'), 'pk_wechat_follow_tag'), primary(integer('follow_id'), 'pk_wechat_follow_tag')],
  indices: [{ name: 'ix_follow_tag_follow', columnNames: ['follow_id', 'tag_pk'] }],
});

/** Terms in this range are the keys of tags; 0 says that there is none, higher ones are pieces of texts. */
const IS_TAG = `term BETWEEN 1 AND ${2 ** 42 - 1}`;

/** The link table of follows and tags, filled from the terms that held the same and go. */
export class LinkTags1764028800000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.createTable(wechatFollowTag.clone());
    await queryRunner.query(
      `INSERT INTO wechat_follow_tag (tag_pk, follow_id) SELECT term, follow_id FROM wechat_follow_term WHERE ${IS_TAG}`,
    );
    await queryRunner.query(`DELETE FROM wechat_follow_term WHERE ${IS_TAG}`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `INSERT INTO wechat_follow_term (uniacid, crop_id, term, follow_id)
       SELECT wechat_follow.uniacid, wechat_follow.crop_id, link.tag_pk, link.follow_id FROM wechat_follow_tag link
       JOIN wechat_follow ON wechat_follow.id = link.follow_id`,
    );
    await queryRunner.dropTable(wechatFollowTag.name);
  }
}
