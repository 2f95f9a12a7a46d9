import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * What is to be written to WeCom of a follow. The row is there before the call and goes in the transaction that stores
 * the change: one that is left tells that nobody knows whether WeCom has it. Its key lets one write a follow be under
 * way, over all processes.
 */
@Entity('wecom_write')
@Index('ix_wecom_write_lease', ['leaseUntil'])
export class Intent {
  @PrimaryColumn({ name: 'follow_id', type: 'integer', primaryKeyConstraintName: 'pk_wecom_write' })
  followId: number;

  @Column({ type: 'integer' })
  uniacid: number;

  @Column({ name: 'enterprise_id', type: 'integer' })
  enterpriseId: number;

  /** JSON: a `FollowChange`. */
  @Column({ type: 'text' })
  changes: string;

  /** The user who changes it, for the audit log, as is the name. */
  @Column({ name: 'actor_id', type: 'bigint', nullable: true })
  actorId: number | null;

  @Column({ type: 'varchar', length: 80, nullable: true })
  actor: string | null;

  /** Who is writing; empty: nobody, it waits to be settled. */
  @Column({ name: 'lease_owner', type: 'varchar', length: 36, default: '' })
  leaseOwner: string;

  /** The end of the lease, or of a pause before the next try: unix milliseconds by the database's clock. */
  @Column({ name: 'lease_until', type: 'bigint', default: 0 })
  leaseUntil: number;

  /** How often it was tried to be settled. */
  @Column({ type: 'integer', default: 0 })
  tries: number;

  /** Wall clock in UTC+8. */
  @Column({ name: 'created_at', type: 'varchar', length: 19, nullable: true })
  createdAt: string | null;
}
