import { MigrationInterface, QueryRunner, Table } from 'typeorm';
import { integer, primary } from './columns';

const wechatFollowTag = new Table({
  name: 'wechat_follow_tag',
  columns: [primary(integer('tag_pk'), 'pk_wechat_follow_tag'), primary(integer('follow_id'), 'pk_wechat_follow_tag')],
  indices: [{ name: 'ix_follow_tag_follow', columnNames: ['follow_id', 'tag_pk'] }],
});

/** Terms from 1 up to here are the keys of tags; 0 says that there is none, higher ones are pieces of texts. */
const LAST_TAG_TERM = 2 ** 42 - 1;

/** The link table of follows and tags, filled from the terms that held the same. */
export class LinkTags1764028800000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.createTable(wechatFollowTag.clone());
    await queryRunner.query(
      `INSERT INTO wechat_follow_tag (tag_pk, follow_id)
       SELECT term, follow_id FROM wechat_follow_term WHERE term BETWEEN 1 AND ${LAST_TAG_TERM}`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `INSERT INTO wechat_follow_term (uniacid, crop_id, term, follow_id)
       SELECT wechat_follow.uniacid, wechat_follow.crop_id, link.tag_pk, link.follow_id FROM wechat_follow_tag link
       JOIN wechat_follow ON wechat_follow.id = link.follow_id
       WHERE NOT EXISTS (SELECT 1 FROM wechat_follow_term known WHERE known.uniacid = wechat_follow.uniacid
         AND known.crop_id = wechat_follow.crop_id AND known.term = link.tag_pk AND known.follow_id = link.follow_id)`,
    );
    await queryRunner.dropTable(wechatFollowTag.name);
  }
}
