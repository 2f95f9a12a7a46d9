import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** A wrong guess at a secret, counted by {@link AttemptLimiter} across all processes. */
@Entity('failed_attempt')
@Index('ix_failed_attempt_subject', ['subject', 'failedAt'])
@Index('ix_failed_attempt_time', ['failedAt'])
export class FailedAttempt {
  @PrimaryGeneratedColumn({ type: 'integer', primaryKeyConstraintName: 'pk_failed_attempt' })
  id: number;

  /** The key of the count: the guessing account, the guessed account, the address, or account and address. */
  @Column({ type: 'varchar', length: 100 })
  subject: string;

  /** Unix seconds. */
  @Column({ name: 'failed_at', type: 'bigint' })
  failedAt: number;
}
