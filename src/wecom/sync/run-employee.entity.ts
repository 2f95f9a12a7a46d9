import { Column, Entity, PrimaryColumn } from 'typeorm';

/** `done`: the list came complete; `failed`: it did not; `missing`: no longer in the follow list. */
export type ListState = 'waiting' | 'listing' | 'done' | 'failed' | 'missing';

/** An employee of a run, and where its list stands. */
@Entity('wecom_run_employee')
export class RunEmployee {
  @PrimaryColumn({ name: 'run_id', type: 'integer', primaryKeyConstraintName: 'pk_wecom_run_employee' })
  runId: number;

  @PrimaryColumn({ type: 'varchar', length: 64, primaryKeyConstraintName: 'pk_wecom_run_employee' })
  userid: string;

  @Column({ type: 'varchar', length: 8, default: 'waiting' })
  state: ListState;

  /** WeCom's cursor of the next page; null before the first. */
  @Column({ type: 'text', nullable: true })
  cursor: string | null;

  /** The enterprise's followsRevision when the list was begun. */
  @Column({ name: 'begun_revision', type: 'bigint', default: 0 })
  begunRevision: number;

  /** When the list was begun, unix seconds of the database's clock. */
  @Column({ name: 'begun_at', type: 'bigint', default: 0 })
  begunAt: number;

  /** How often WeCom refused the cursor and the list began again. */
  @Column({ type: 'integer', default: 0 })
  restarts: number;

  /** WeCom's code of what could not be read; 0 for none, or for a connection that failed. */
  @Column({ type: 'integer', default: 0 })
  errcode: number;

  /** What could not be read, in Chinese; empty for nothing. */
  @Column({ type: 'varchar', length: 255, default: '' })
  msg: string;
}
