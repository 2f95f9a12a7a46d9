import { Column, Entity, PrimaryColumn } from 'typeorm';

const PK = { primaryKeyConstraintName: 'pk_import_checkpoint' } as const;

/** Where an import stands that is under way, or was killed; gone when it is over. */
@Entity('import_checkpoint')
export class ImportCheckpoint {
  @PrimaryColumn({ type: 'varchar', length: 16, ...PK })
  kind: string;

  /** The tenant; 0 for kinds of family A. */
  @PrimaryColumn({ type: 'integer', ...PK })
  uniacid: number;

  @PrimaryColumn({ name: 'enterprise_id', type: 'integer', ...PK })
  enterpriseId: number;

  @PrimaryColumn({ type: 'varchar', length: 255, ...PK })
  source: string;

  /** Where the source goes on; null before the first batch. */
  @Column({ type: 'text', nullable: true })
  next: string | null;

  @Column({ name: 'rows_new', type: 'bigint', default: 0 })
  rowsNew: number;

  @Column({ name: 'rows_changed', type: 'bigint', default: 0 })
  rowsChanged: number;

  @Column({ name: 'rows_equal', type: 'bigint', default: 0 })
  rowsEqual: number;

  @Column({ name: 'rows_refused', type: 'bigint', default: 0 })
  rowsRefused: number;

  /** JSON: how many rows were refused by reason. */
  @Column({ type: 'text' })
  reasons: string;

  /** The file of refused rows; empty while none is. */
  @Column({ name: 'refused_file', type: 'varchar', length: 1024, default: '' })
  refusedFile: string;

  /** The lengths of that file and of the one of reasons: what is behind was written by a batch that was not stored. */
  @Column({ name: 'refused_bytes', type: 'bigint', default: 0 })
  refusedBytes: number;

  @Column({ name: 'reasons_bytes', type: 'bigint', default: 0 })
  reasonsBytes: number;

  @Column({ name: 'started_at', type: 'varchar', length: 19, nullable: true })
  startedAt: string | null;

  @Column({ name: 'updated_at', type: 'varchar', length: 19, nullable: true })
  updatedAt: string | null;

  /** The process that carries it out. */
  @Column({ name: 'lease_owner', type: 'varchar', length: 36, default: '' })
  leaseOwner: string;

  /** Milliseconds of the database's clock; from then on another process may take it over. */
  @Column({ name: 'lease_until', type: 'bigint', default: 0 })
  leaseUntil: number;
}
