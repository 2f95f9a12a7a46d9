import type { Relation } from 'typeorm';
import { Column, Entity, Index, JoinColumn, JoinTable, ManyToMany, ManyToOne, PrimaryGeneratedColumn } from 'typeorm';
import { Contact } from './contact.entity';
import { DeletedAt } from './deleted-at';
import { Employee } from './employee.entity';
import type { Loser } from './follow-history.entity';
import { Tag } from './tag.entity';

/** A follow whose contact or employee is gone stays visible. */
const NO_CONSTRAINT = { createForeignKeyConstraints: false } as const;

/** An employee follows a contact: a row of the list (CONTRACT 2.3). */
@Entity('wechat_follow')
// One follow per employee and contact: the writer's key; the list does not read through it.
@Index('uq_follow', ['uniacid', 'enterpriseId', 'userid', 'externalUserid'], { unique: true })
// A rare status, way of adding or type: all its follows side by side.
@Index('ix_follow_dim', ['uniacid', 'enterpriseId', 'deletedAt', 'status', 'addWay', 'externalType'])
// One employee's follows in list order, with the columns that filter them.
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
// One member's follows, and those without a member when they are few.
@Index('ix_follow_member', ['uniacid', 'enterpriseId', 'deletedAt', 'customerUid'])
// A range of time that is short or has few follows, and the ends of a longer one, which no counter covers.
@Index('ix_follow_time', ['uniacid', 'enterpriseId', 'deletedAt', 'createtime', 'status', 'addWay', 'externalType'])
// All follows in list order, with the columns that filter them: a follow that does not match costs no read of its row.
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
// One contact's follows: a filter by external_userid, and the writer.
@Index('ix_follow_contact', ['uniacid', 'enterpriseId', 'externalUserid'])
// As ix_follow_contact, for processes of the version before.
@Index('ix_follow_customer', ['customerPk'])
export class Follow {
  @PrimaryGeneratedColumn({ type: 'integer', primaryKeyConstraintName: 'pk_wechat_follow' })
  id: number;

  @Column({ type: 'integer' })
  uniacid: number;

  /** The enterprise; together with uniacid the tenant. */
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

  /** WeCom's tag ids joined by commas, in WeCom's order; `tags` has them as rows. */
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

  /** Wall clock in UTC+8, like every `…_at`. */
  @Column({ name: 'created_at', type: 'varchar', length: 19, nullable: true })
  createdAt: string | null;

  @Column({ name: 'updated_at', type: 'varchar', length: 19, nullable: true })
  updatedAt: string | null;

  @DeletedAt()
  deletedAt: string | null;

  /** Key of the contact, for processes of the version before; nothing here reads it. Not on the wire. */
  @Column({ name: 'customer_pk', type: 'integer', nullable: true })
  customerPk: number | null;

  /**
   * The contact's external_type; -1 when the contact is gone. This and the next column let the list filter without a
   * join and are not on the wire.
   */
  @Column({ name: 'external_type', type: 'tinyint', default: 1 })
  externalType: number;

  /** The contact's member; 0: none, null when the contact is gone. */
  @Column({ name: 'customer_uid', type: 'bigint', nullable: true })
  customerUid: number | null;

  /** When the contact was lost, wall clock in UTC+8; null when not lost, or unknown. Not on the wire of getList. */
  @Column({ name: 'lost_at', type: 'varchar', length: 19, nullable: true })
  lostAt: string | null;

  /** Who ended it (`LOSERS`); empty when not lost, or unknown. This and the next two are not on the wire. */
  @Column({ name: 'lost_by', type: 'varchar', length: 16, default: '' })
  lostBy: Loser | '';

  /** The enterprise's revision of follows at which an event or a write-back last changed it. */
  @Column({ name: 'touched_revision', type: 'bigint', default: 0 })
  touchedRevision: number;

  /** When WeCom made the newest event that was applied, unix seconds. */
  @Column({ name: 'event_time', type: 'bigint', default: 0 })
  eventTime: number;

  /** Joined by external_userid, as `customerPk` can be stale; null when the contact is gone. */
  @ManyToOne(() => Contact, NO_CONSTRAINT)
  @JoinColumn([
    { name: 'uniacid', referencedColumnName: 'uniacid' },
    { name: 'crop_id', referencedColumnName: 'enterpriseId' },
    { name: 'external_userid', referencedColumnName: 'externalUserid' },
  ])
  hasOneCustomer?: Relation<Contact> | null;

  /** Null when the employee is gone. */
  @ManyToOne(() => Employee, NO_CONSTRAINT)
  @JoinColumn([
    { name: 'uniacid', referencedColumnName: 'uniacid' },
    { name: 'crop_id', referencedColumnName: 'enterpriseId' },
    { name: 'userid', referencedColumnName: 'userid' },
  ])
  hasOneEmployee?: Relation<Employee> | null;

  /** The link table is the entity FollowTag. */
  @ManyToMany(() => Tag, NO_CONSTRAINT)
  @JoinTable({
    name: 'wechat_follow_tag',
    joinColumn: { name: 'follow_id' },
    inverseJoinColumn: { name: 'tag_pk' },
    synchronize: false,
  })
  tags?: Relation<Tag>[];
}
