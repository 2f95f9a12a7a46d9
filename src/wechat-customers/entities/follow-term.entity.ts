import { Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * A search term of a live follow (`search-index/terms.ts`): a piece of its remark or its contact's name, or "no tag".
 */
@Entity('wechat_follow_term')
@Index('ix_follow_term_follow', ['followId'])
export class FollowTerm {
  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'pk_wechat_follow_term' })
  uniacid: number;

  @PrimaryColumn({ name: 'crop_id', type: 'integer', primaryKeyConstraintName: 'pk_wechat_follow_term' })
  enterpriseId: number;

  @PrimaryColumn({ type: 'bigint', primaryKeyConstraintName: 'pk_wechat_follow_term' })
  term: number;

  @PrimaryColumn({ name: 'follow_id', type: 'integer', primaryKeyConstraintName: 'pk_wechat_follow_term' })
  followId: number;
}
