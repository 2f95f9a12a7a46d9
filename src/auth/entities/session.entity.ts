import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** One sign-in. Tokens are stored only as SHA-256 (hex); a row that is gone is a token that is revoked. */
@Entity('session')
@Index('uq_session_refresh', ['refreshHash'], { unique: true })
@Index('ix_session_user', ['userId'])
@Index('ix_session_refresh_expires', ['refreshExpiresAt'])
export class Session {
  @PrimaryColumn({ name: 'token_hash', type: 'varchar', length: 64, primaryKeyConstraintName: 'pk_session' })
  tokenHash: string;

  @Column({ name: 'refresh_hash', type: 'varchar', length: 64 })
  refreshHash: string;

  @Column({ name: 'user_id', type: 'bigint' })
  userId: number;

  /** `short`, `medium`, `long` or empty: how long the tokens live, now and after each refresh. */
  @Column({ name: 'keep_alive', type: 'varchar', length: 8 })
  keepAlive: string;

  /** Unix seconds. */
  @Column({ name: 'expires_at', type: 'bigint' })
  expiresAt: number;

  /** Unix seconds. */
  @Column({ name: 'refresh_expires_at', type: 'bigint' })
  refreshExpiresAt: number;
}
