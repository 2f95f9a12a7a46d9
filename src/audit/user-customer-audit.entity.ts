import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/**
 * A change of a relation: who made it, when, and the values before and after. Written in the transaction of the change
 * and never updated; the relation itself may be gone.
 */
@Entity('user_customer_audit')
@Index('ix_user_customer_audit_relation', ['userId', 'customerId'])
export class UserCustomerAudit {
  @PrimaryGeneratedColumn({ type: 'integer', primaryKeyConstraintName: 'pk_user_customer_audit' })
  id: number;

  /** Wall clock in UTC+8. */
  @Column({ type: 'varchar', length: 19 })
  at: string;

  /** The signed-in user who made the change. */
  @Column({ name: 'actor_id', type: 'bigint' })
  actorId: number;

  /** `add`, `edit` or `delete`. */
  @Column({ type: 'varchar', length: 8 })
  action: string;

  @Column({ name: 'user_id', type: 'bigint' })
  userId: number;

  @Column({ name: 'customer_id', type: 'bigint' })
  customerId: number;

  /** The fields that the change is about, separated by commas; the values of all others are null here. */
  @Column({ type: 'varchar', length: 64 })
  fields: string;

  @Column({ name: 'old_template', type: 'text', nullable: true })
  oldTemplate: string | null;

  @Column({ name: 'new_template', type: 'text', nullable: true })
  newTemplate: string | null;

  @Column({ name: 'old_script', type: 'text', nullable: true })
  oldScript: string | null;

  @Column({ name: 'new_script', type: 'text', nullable: true })
  newScript: string | null;

  @Column({ name: 'old_reference', type: 'varchar', length: 255, nullable: true })
  oldReference: string | null;

  @Column({ name: 'new_reference', type: 'varchar', length: 255, nullable: true })
  newReference: string | null;
}
