import { MigrationInterface, QueryRunner, Table } from 'typeorm';
import { integer, primary } from './columns';

const wechatFollowTag = new Table({
  name: 'wechat_follow_tag',
  columns: [primary(integer('tag_pk'), 'pk_wechat_follow_tag'), primary(integer('follow_id'), 'pk_wechat_follow_tag')],
  indices: [{ name: 'ix_follow_tag_follow', columnNames: ['follow_id', 'tag_pk'] }],
});

/**
 * The link table of follows and tags, filled from the terms that said the same. Those terms stay: processes of the version
 * before, which a rolling upgrade replaces one by one, still filter by them.
 */
export class LinkTags1764028800000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // MySQL commits a new table at once, so that a run killed here leaves it behind, with rows of its own or none.
    await queryRunner.createTable(wechatFollowTag.clone(), true);
    await queryRunner.query('DELETE FROM wechat_follow_tag');
    await queryRunner.query(
      `INSERT INTO wechat_follow_tag (tag_pk, follow_id)
       SELECT wechat_tag.id, worn.follow_id FROM wechat_tag
       JOIN wechat_follow_term worn ON worn.uniacid = wechat_tag.uniacid AND worn.crop_id = wechat_tag.crop_id
         AND worn.term = wechat_tag.id`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    // Missing where a run was killed after its DROP, which MySQL commits at once.
    if (await queryRunner.hasTable(wechatFollowTag.name)) {
      await queryRunner.query(
        `INSERT INTO wechat_follow_term (uniacid, crop_id, term, follow_id)
         SELECT wechat_follow.uniacid, wechat_follow.crop_id, link.tag_pk, link.follow_id FROM wechat_follow_tag link
         JOIN wechat_follow ON wechat_follow.id = link.follow_id
         WHERE NOT EXISTS (SELECT 1 FROM wechat_follow_term known WHERE known.uniacid = wechat_follow.uniacid
           AND known.crop_id = wechat_follow.crop_id AND known.term = link.tag_pk AND known.follow_id = link.follow_id)`,
      );
    }
    await queryRunner.dropTable(wechatFollowTag.name, true, false, false); // one statement, its index goes with it
  }
}
