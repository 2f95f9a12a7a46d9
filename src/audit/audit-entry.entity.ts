import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/**
 * A change or a sign-in: who, when, on whom, and the values before and after. Written in the transaction of the change
 * and never updated; actor and subject may be gone.
 */
@Entity('audit_entry')
@Index('ix_audit_entry_subject', ['userId', 'customerId'])
export class AuditEntry {
  @PrimaryGeneratedColumn({ type: 'integer', primaryKeyConstraintName: 'pk_audit_entry' })
  id: number;

  /** Wall clock in UTC+8. */
  @Column({ type: 'varchar', length: 19 })
  at: string;

  /** What the entry is about, a {@link Kind}. */
  @Column({ type: 'varchar', length: 16 })
  kind: string;

  /** An {@link Action}. */
  @Column({ type: 'varchar', length: 16 })
  action: string;

  /** The signed-in user; null for a command and for a sign-in that was refused. */
  @Column({ name: 'actor_id', type: 'bigint', nullable: true })
  actorId: number | null;

  /** The user's name at that time, or `command:` with the name of the operating system's user. */
  @Column({ type: 'varchar', length: 80, nullable: true })
  actor: string | null;

  /** The client's IP address, of sign-ins and of one's own password. */
  @Column({ type: 'varchar', length: 45, nullable: true })
  address: string | null;

  @Column({ name: 'user_id', type: 'bigint', nullable: true })
  userId: number | null;

  @Column({ name: 'customer_id', type: 'bigint', nullable: true })
  customerId: number | null;

  @Column({ name: 'enterprise_id', type: 'integer', nullable: true })
  enterpriseId: number | null;

  /** JSON: `{ field: { old, new } }`; long texts are shortened (`bounded-text.ts`), secrets are never in it. */
  @Column({ type: 'text' })
  changes: string;
}
