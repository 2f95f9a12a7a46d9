import { Entity, PrimaryColumn } from 'typeorm';

/** A follow that was on a page of a run. Rows go once the run has ended. */
@Entity('wecom_run_seen')
export class RunSeen {
  @PrimaryColumn({ name: 'run_id', type: 'integer', primaryKeyConstraintName: 'pk_wecom_run_seen' })
  runId: number;

  @PrimaryColumn({ name: 'follow_id', type: 'integer', primaryKeyConstraintName: 'pk_wecom_run_seen' })
  followId: number;
}
