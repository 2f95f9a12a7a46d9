import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** A guess at a secret that is wrong or not compared yet, counted by {@link AttemptLimiter} across all processes. */
@Entity('failed_attempt')
@Index('ix_failed_attempt_subject', ['subject', 'failedAt'])
@Index('ix_failed_attempt_time', ['failedAt'])
export class FailedAttempt {
  @PrimaryGeneratedColumn({ type: 'integer', primaryKeyConstraintName: 'pk_failed_attempt' })
  id: number;

  /**
   * The key of the count (the guessing account, the guessed account, the address, or account and address), then `#` and
   * the mark of the guess.
   */
  @Column({ type: 'varchar', length: 100 })
  subject: string;

  /** When the guess began, unix seconds. */
  @Column({ name: 'failed_at', type: 'bigint' })
  failedAt: number;
}
