import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A counter: the live follows of a subset (`search-index/counters.ts`), by status, way of adding and type. */
@Entity('wechat_follow_count')
export class FollowCount {
  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'pk_wechat_follow_count' })
  uniacid: number;

  @PrimaryColumn({ name: 'crop_id', type: 'integer', primaryKeyConstraintName: 'pk_wechat_follow_count' })
  enterpriseId: number;

  /** `period:…`, `owner:…`, `tag:…`, `untagged` or `unbound`. */
  @PrimaryColumn({ type: 'varchar', length: 80, primaryKeyConstraintName: 'pk_wechat_follow_count' })
  subset: string;

  @PrimaryColumn({ type: 'tinyint', primaryKeyConstraintName: 'pk_wechat_follow_count' })
  status: number;

  @PrimaryColumn({
    name: 'add_way',
    type: 'varchar',
    length: 8,
    primaryKeyConstraintName: 'pk_wechat_follow_count',
  })
  addWay: string;

  @PrimaryColumn({ name: 'external_type', type: 'tinyint', primaryKeyConstraintName: 'pk_wechat_follow_count' })
  externalType: number;

  @Column({ type: 'bigint' })
  n: number;

  /** Upper bound of the ids counted; of periods, it says where in the list a range of time begins. */
  @Column({ name: 'newest_id', type: 'integer' })
  newestId: number;
}
