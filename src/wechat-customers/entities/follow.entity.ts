import type { Relation } from 'typeorm';
import { Column, Entity, Index, JoinColumn, JoinTable, ManyToMany, ManyToOne, PrimaryGeneratedColumn } from 'typeorm';
import { Contact } from './contact.entity';
import { DeletedAt } from './deleted-at';
import { Employee } from './employee.entity';
import { Tag } from './tag.entity';

/** No constraints: a follow whose contact or employee is gone stays visible. */
const LOOSE = { createForeignKeyConstraints: false } as const;

/** An employee of an enterprise follows a contact. The row of the list (CONTRACT 2.3). */
@Entity('wechat_follow')
@Index('uq_follow', ['uniacid', 'enterpriseId', 'userid', 'externalUserid'], { unique: true })
@Index('ix_follow_dim', ['uniacid', 'enterpriseId', 'deletedAt', 'status', 'addWay', 'externalType'])
@Index('ix_follow_owner', [
  'uniacid',
  'enterpriseId',
  'deletedAt',
  'userid',
  'id',
  'status',
  'addWay',
  'externalType',
  'createtime',
])
@Index('ix_follow_member', ['uniacid', 'enterpriseId', 'deletedAt', 'customerUid'])
@Index('ix_follow_time', ['uniacid', 'enterpriseId', 'deletedAt', 'createtime', 'status', 'addWay', 'externalType'])
@Index('ix_follow_scan', [
  'uniacid',
  'enterpriseId',
  'deletedAt',
  'id',
  'status',
  'addWay',
  'externalType',
  'userid',
  'createtime',
  'customerUid',
])
@Index('ix_follow_customer', ['customerPk'])
export class Follow {
  @PrimaryGeneratedColumn({ type: 'integer', primaryKeyConstraintName: 'pk_wechat_follow' })
  id: number;

  @Column({ type: 'integer' })
  uniacid: number;

  /** The enterprise; with uniacid the tenant. */
  @Column({ name: 'crop_id', type: 'integer' })
  enterpriseId: number;

  @Column({ name: 'uid', type: 'bigint', default: 0 })
  memberUid: number;

  /** WeCom's id of the employee. */
  @Column({ type: 'varchar', length: 64 })
  userid: string;

  /** WeCom's id of the contact. */
  @Column({ name: 'external_userid', type: 'varchar', length: 64 })
  externalUserid: string;

  @Column({ type: 'varchar', length: 255, default: '' })
  remark: string;

  @Column({ type: 'varchar', length: 1024, default: '' })
  description: string;

  /** Unix seconds. */
  @Column({ name: 'customer_create_time', type: 'bigint', default: 0 })
  customerCreateTime: number;

  @Column({ name: 'remark_corp_name', type: 'varchar', length: 255, default: '' })
  remarkCorpName: string;

  /** JSON text. */
  @Column({ name: 'remark_mobiles', type: 'varchar', length: 1024, default: '[]' })
  remarkMobiles: string;

  @Column({ name: 'oper_userid', type: 'varchar', length: 64, default: '' })
  operUserid: string;

  /** WeCom's tag ids joined by commas, in their order; `tags` are the same as rows. */
  @Column({ name: 'tag_id', type: 'text' })
  tagId: string;

  /** When the contact was added, unix seconds. */
  @Column({ type: 'bigint' })
  createtime: number;

  @Column({ name: 'add_way', type: 'varchar', length: 8, default: '0' })
  addWay: string;

  @Column({ type: 'varchar', length: 64, default: '' })
  state: string;

  /** 1 normal, -1 lost. */
  @Column({ type: 'tinyint', default: 1 })
  status: number;

  /** Wall clock in UTC+8, as all `…_at`. */
  @Column({ name: 'created_at', type: 'varchar', length: 19, nullable: true })
  createdAt: string | null;

  @Column({ name: 'updated_at', type: 'varchar', length: 19, nullable: true })
  updatedAt: string | null;

  @DeletedAt()
  deletedAt: string | null;

  /** Key of the contact's row, for the list. Not on the wire, as the two that follow, by which it filters without a join. */
  @Column({ name: 'customer_pk', type: 'integer', nullable: true })
  customerPk: number | null;

  /** The contact's external_type. */
  @Column({ name: 'external_type', type: 'tinyint', default: 1 })
  externalType: number;

  /** The contact's uid; null when the contact is gone. */
  @Column({ name: 'customer_uid', type: 'bigint', nullable: true })
  customerUid: number | null;

  /** Found by its own external_userid, never by a stored key; null when the contact is gone. */
  @ManyToOne(() => Contact, LOOSE)
  @JoinColumn([
    { name: 'uniacid', referencedColumnName: 'uniacid' },
    { name: 'crop_id', referencedColumnName: 'enterpriseId' },
    { name: 'external_userid', referencedColumnName: 'externalUserid' },
  ])
  hasOneCustomer?: Relation<Contact> | null;

  /** Null when the employee is gone. */
  @ManyToOne(() => Employee, LOOSE)
  @JoinColumn([
    { name: 'uniacid', referencedColumnName: 'uniacid' },
    { name: 'crop_id', referencedColumnName: 'enterpriseId' },
    { name: 'userid', referencedColumnName: 'userid' },
  ])
  hasOneEmployee?: Relation<Employee> | null;

  /** The rows between are the entity FollowTag. */
  @ManyToMany(() => Tag, LOOSE)
  @JoinTable({
    name: 'wechat_follow_tag',
    joinColumn: { name: 'follow_id' },
    inverseJoinColumn: { name: 'tag_pk' },
    synchronize: false,
  })
  tags?: Relation<Tag>[];
}
