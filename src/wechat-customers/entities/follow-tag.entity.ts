import { Entity, Index, PrimaryColumn } from 'typeorm';

/** Links a live follow to a live tag of its enterprise: the follow's `tag_id` as rows, kept by `search-index/`. */
@Entity('wechat_follow_tag')
@Index('ix_follow_tag_follow', ['followId', 'tagPk'])
export class FollowTag {
  @PrimaryColumn({ name: 'tag_pk', type: 'integer', primaryKeyConstraintName: 'pk_wechat_follow_tag' })
  tagPk: number;

  @PrimaryColumn({ name: 'follow_id', type: 'integer', primaryKeyConstraintName: 'pk_wechat_follow_tag' })
  followId: number;
}
