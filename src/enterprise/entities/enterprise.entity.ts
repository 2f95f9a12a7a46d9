import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An enterprise (企业) of a uniacid (公众号); its id is `crop_id` on rows and `business_id` on staff. */
@Entity('enterprise')
@Index('ix_enterprise_uniacid', ['uniacid', 'id'])
export class Enterprise {
  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'pk_enterprise' })
  id: number;

  @Column({ type: 'integer' })
  uniacid: number;

  @Column({ type: 'varchar', length: 255 })
  name: string;

  /** 1 running, 0 stopped: nobody may manage it. */
  @Column({ type: 'tinyint', default: 1 })
  status: number;

  /** Rises with every change of a relation: what was kept of the enterprise's relations before is out of date. */
  @Column({ name: 'follows_revision', type: 'bigint', default: 0 })
  followsRevision: number;

  /** The same for its tags and staff. */
  @Column({ name: 'lists_revision', type: 'bigint', default: 0 })
  listsRevision: number;
}
