import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The access token of a corp and secret, shared by all processes, and who fetches the next one. */
@Entity('wecom_token')
export class WecomToken {
  /** Names corp and secret without showing them (`Cipher.pairOf`). */
  @PrimaryColumn({ type: 'varchar', length: 64, primaryKeyConstraintName: 'pk_wecom_token' })
  pair: string;

  /** Encrypted; empty: none. */
  @Column({ type: 'varchar', length: 2048, default: '' })
  token: string;

  /** Unix milliseconds, some time before the token expires. */
  @Column({ name: 'use_until', type: 'bigint', default: 0 })
  useUntil: number;

  /** The process that fetches a token; empty: none. */
  @Column({ name: 'lease_owner', type: 'varchar', length: 36, default: '' })
  leaseOwner: string;

  /** Unix milliseconds; later the lease is free, as its process has ended. */
  @Column({ name: 'lease_until', type: 'bigint', default: 0 })
  leaseUntil: number;

  /** WeCom's code of the last refusal of corp or secret; 0: none. */
  @Column({ name: 'refused_code', type: 'integer', default: 0 })
  refusedCode: number;

  /** Unix milliseconds; until then WeCom is not asked again. */
  @Column({ name: 'refused_until', type: 'bigint', default: 0 })
  refusedUntil: number;
}
