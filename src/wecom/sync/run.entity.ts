import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/**
 * `running`; `ok`: every list was complete; `partial`: some were not, or tags or an employee could not be read; `held`:
 * more would be lost than may be without a confirmation; `failed`: nothing could be read.
 */
export type RunState = 'running' | 'ok' | 'partial' | 'held' | 'failed';

/** What a run does, in this order: tags and follow list, the employees' own lists, then the losses. */
export type RunStage = 'lists' | 'employees' | 'losses';

/** A full sync of an enterprise. At most one of an enterprise is running. */
@Entity('wecom_run')
@Index('ix_wecom_run_enterprise', ['enterpriseId', 'id'])
@Index('ix_wecom_run_state', ['state', 'leaseUntil'])
export class Run {
  @PrimaryGeneratedColumn({ type: 'integer', primaryKeyConstraintName: 'pk_wecom_run' })
  id: number;

  @Column({ type: 'integer' })
  uniacid: number;

  @Column({ name: 'enterprise_id', type: 'integer' })
  enterpriseId: number;

  /** The corp whose customers it reads. */
  @Column({ name: 'corp_id', type: 'varchar', length: 64, default: '' })
  corpId: string;

  @Column({ type: 'varchar', length: 8, default: 'running' })
  state: RunState;

  @Column({ type: 'varchar', length: 12, default: 'lists' })
  stage: RunStage;

  /** 1: losses are written however many they are. */
  @Column({ type: 'tinyint', default: 0 })
  confirmed: number;

  @Column({ name: 'started_at', type: 'varchar', length: 19, nullable: true })
  startedAt: string | null;

  @Column({ name: 'ended_at', type: 'varchar', length: 19, nullable: true })
  endedAt: string | null;

  /** How often another process, or the same one started again, has taken it over. */
  @Column({ type: 'integer', default: 0 })
  resumed: number;

  @Column({ name: 'follows_seen', type: 'bigint', default: 0 })
  followsSeen: number;

  @Column({ name: 'follows_new', type: 'bigint', default: 0 })
  followsNew: number;

  @Column({ name: 'follows_changed', type: 'bigint', default: 0 })
  followsChanged: number;

  @Column({ name: 'follows_lost', type: 'bigint', default: 0 })
  followsLost: number;

  @Column({ name: 'follows_returned', type: 'bigint', default: 0 })
  followsReturned: number;

  /** The losses of a run that is held. */
  @Column({ name: 'would_lose', type: 'bigint', default: 0 })
  wouldLose: number;

  /** WeCom's frequency limit is waited for until then. */
  @Column({ name: 'waiting_until', type: 'varchar', length: 19, nullable: true })
  waitingUntil: string | null;

  /** One Chinese sentence with WeCom's code; empty for none. */
  @Column({ type: 'varchar', length: 255, default: '' })
  error: string;

  /** The process that carries it out; empty before the first. */
  @Column({ name: 'lease_owner', type: 'varchar', length: 36, default: '' })
  leaseOwner: string;

  /** Milliseconds of the database's clock; from then on another process may take it over. */
  @Column({ name: 'lease_until', type: 'bigint', default: 0 })
  leaseUntil: number;
}
