import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** `pending` waits for its effect, `applied` had it, `ignored` has none, `dead` is set aside with a reason. */
export type EventState = 'pending' | 'applied' | 'ignored' | 'dead';

/** The inbox: an event that WeCom has posted, once, however often it came. Moments are unix milliseconds. */
@Entity('wecom_event')
@Index('uq_wecom_event', ['uniacid', 'enterpriseId', 'digest'], { unique: true })
// What the worker looks for.
@Index('ix_wecom_event_due', ['state', 'nextAt'])
// What is worked off together, and what else came about a contact.
@Index('ix_wecom_event_subject', ['uniacid', 'enterpriseId', 'subject'])
// The counts of an enterprise.
@Index('ix_wecom_event_count', ['uniacid', 'enterpriseId', 'receivedAt', 'state', 'duplicates'])
// Those that are old enough to go.
@Index('ix_wecom_event_received', ['receivedAt'])
export class WecomEvent {
  @PrimaryGeneratedColumn({ type: 'integer', primaryKeyConstraintName: 'pk_wecom_event' })
  id: number;

  @Column({ type: 'integer' })
  uniacid: number;

  @Column({ name: 'enterprise_id', type: 'integer' })
  enterpriseId: number;

  /** SHA-256 of the decrypted text, which itself is not kept. */
  @Column({ type: 'varchar', length: 64 })
  digest: string;

  /** `Event/ChangeType`. */
  @Column({ name: 'change_type', type: 'varchar', length: 80 })
  change: string;

  @Column({ type: 'varchar', length: 64, default: '' })
  userid: string;

  @Column({ name: 'external_userid', type: 'varchar', length: 64, default: '' })
  externalUserid: string;

  /** What else its effect needs (`EventFields`), JSON text. */
  @Column({ type: 'text' })
  fields: string;

  /** CreateTime, unix seconds. */
  @Column({ name: 'event_time', type: 'bigint' })
  eventTime: number;

  /** Events of one subject are worked off together. */
  @Column({ type: 'varchar', length: 80, default: '' })
  subject: string;

  /** 1: WeCom is asked what has changed. */
  @Column({ name: 'is_asking', type: 'tinyint', default: 0 })
  isAsking: number;

  @Column({ type: 'varchar', length: 16 })
  state: EventState;

  /** Tries that failed since {@link pendingSince}. */
  @Column({ type: 'integer', default: 0 })
  tries: number;

  @Column({ name: 'next_at', type: 'bigint', default: 0 })
  nextAt: number;

  @Column({ name: 'pending_since', type: 'bigint', default: 0 })
  pendingSince: number;

  /** When WeCom was last asked because of it. */
  @Column({ name: 'asked_at', type: 'bigint', default: 0 })
  askedAt: number;

  /** Who works on it; empty: none. */
  @Column({ type: 'varchar', length: 36, default: '' })
  lease: string;

  @Column({ name: 'lease_until', type: 'bigint', default: 0 })
  leaseUntil: number;

  /** How often it came again. */
  @Column({ type: 'integer', default: 0 })
  duplicates: number;

  /** Why it is dead or waits for another try; one line. */
  @Column({ type: 'varchar', length: 255, default: '' })
  reason: string;

  /** When it came first, wall clock in UTC+8. */
  @Column({ name: 'received_at', type: 'varchar', length: 19 })
  receivedAt: string;
}
