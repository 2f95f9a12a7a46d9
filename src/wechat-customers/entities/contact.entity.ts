import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import { DeletedAt } from './deleted-at';

/** An external contact (外部联系人) of an enterprise, as in WeCom: one row, however many employees follow it. */
@Entity('wechat_customer')
@Index('uq_wechat_customer', ['uniacid', 'enterpriseId', 'externalUserid'], { unique: true })
@Index('ix_wechat_customer_uid', ['uniacid', 'enterpriseId', 'memberUid'])
export class Contact {
  @PrimaryGeneratedColumn({ type: 'integer', primaryKeyConstraintName: 'pk_wechat_customer' })
  id: number;

  @Column({ type: 'integer' })
  uniacid: number;

  @Column({ name: 'crop_id', type: 'integer' })
  enterpriseId: number;

  /** The member (会员) bound to the contact; 0: none. */
  @Column({ name: 'uid', type: 'bigint', default: 0 })
  memberUid: number;

  @Column({ name: 'external_userid', type: 'varchar', length: 64 })
  externalUserid: string;

  @Column({ type: 'varchar', length: 255, default: '' })
  name: string;

  @Column({ type: 'varchar', length: 1024, default: '' })
  avatar: string;

  /** 1 WeChat, 2 WeCom. */
  @Column({ name: 'external_type', type: 'tinyint', default: 1 })
  externalType: number;

  /** 0 unknown, 1 male, 2 female. */
  @Column({ type: 'tinyint', default: 0 })
  gender: number;

  @Column({ type: 'varchar', length: 64, default: '' })
  unionid: string;

  @Column({ type: 'varchar', length: 255, default: '' })
  position: string;

  @Column({ name: 'corp_name', type: 'varchar', length: 255, default: '' })
  corpName: string;

  @Column({ name: 'corp_full_name', type: 'varchar', length: 255, default: '' })
  corpFullName: string;

  /** JSON text. */
  @Column({ name: 'external_profile', type: 'text' })
  externalProfile: string;

  @Column({ name: 'is_member', type: 'tinyint', default: 0 })
  isMember: number;

  @Column({ name: 'created_at', type: 'varchar', length: 19, nullable: true })
  createdAt: string | null;

  @Column({ name: 'updated_at', type: 'varchar', length: 19, nullable: true })
  updatedAt: string | null;

  @DeletedAt()
  deletedAt: string | null;
}
