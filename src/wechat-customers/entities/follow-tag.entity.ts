import { Entity, Index, PrimaryColumn } from 'typeorm';

/** A tag of a relation, for filtering; written in one transaction with the relation's `tag_id`. Live relations only. */
@Entity('wechat_follow_tag')
@Index('ix_follow_tag_follow', ['followId', 'tagPk'])
export class FollowTag {
  @PrimaryColumn({ name: 'tag_pk', type: 'integer', primaryKeyConstraintName: 'pk_wechat_follow_tag' })
  tagPk: number;

  @PrimaryColumn({ name: 'follow_id', type: 'integer', primaryKeyConstraintName: 'pk_wechat_follow_tag' })
  followId: number;
}
