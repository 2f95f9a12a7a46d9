import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A sign-in. Tokens are stored as SHA-256 (hex) only; deleting the row revokes them. */
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

  /** `keep_alive` of the login, or empty: the lifetime of the tokens, kept by every refresh (CONTRACT 1.2). */
  @Column({ name: 'keep_alive', type: 'varchar', length: 8 })
  keepAlive: string;

  /** Unix seconds. */
  @Column({ name: 'expires_at', type: 'bigint' })
  expiresAt: number;

  /** Unix seconds. */
  @Column({ name: 'refresh_expires_at', type: 'bigint' })
  refreshExpiresAt: number;
}
