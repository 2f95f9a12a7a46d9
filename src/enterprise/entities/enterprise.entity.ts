import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An enterprise (企业) of an official account; follows, contacts and tags name it `crop_id`, employees `business_id`. */
@Entity('enterprise')
@Index('ix_enterprise_uniacid', ['uniacid', 'id'])
export class Enterprise {
  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'pk_enterprise' })
  id: number;

  /** The official account (公众号). */
  @Column({ type: 'integer' })
  uniacid: number;

  @Column({ type: 'varchar', length: 255 })
  name: string;

  /** URL of its logo. */
  @Column({ name: 'logo_img', type: 'varchar', length: 1024, default: '' })
  logoImg: string;

  /** 1 running; 0 stopped: no account may manage it. */
  @Column({ type: 'tinyint', default: 1 })
  status: number;

  /** Rises with every change to its follows; cached results of an older revision are stale. */
  @Column({ name: 'follows_revision', type: 'bigint', default: 0 })
  followsRevision: number;

  /** Rises with every change to its tags or employees. */
  @Column({ name: 'lists_revision', type: 'bigint', default: 0 })
  listsRevision: number;
}
