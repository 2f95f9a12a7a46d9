import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An account; `user_id` is family A's user_id and the uid of family B's Basic sign-in. */
@Entity('user')
@Index('uq_user_username', ['username'], { unique: true })
@Index('ix_user_mobile', ['mobile'])
export class User {
  @PrimaryColumn({ name: 'user_id', type: 'bigint', primaryKeyConstraintName: 'pk_user' })
  userId: number;

  @Column({ type: 'varchar', length: 64 })
  username: string;

  /** Argon2id; bcrypt as it was moved in, until the first sign-in; empty: no password. */
  @Column({ name: 'password_hash', type: 'varchar', length: 255 })
  passwordHash: string;

  /** 1: may act for every user (CONTRACT 1.3). */
  @Column({ name: 'is_super', type: 'tinyint', default: 0 })
  isSuper: number;

  /** 0: the account is closed; it cannot sign in, and its tokens are refused. */
  @Column({ name: 'is_available', type: 'tinyint', default: 1 })
  isAvailable: number;

  /** Also signs in, if exactly one account has it (CONTRACT 1.2). */
  @Column({ type: 'varchar', length: 32, default: '' })
  mobile: string;

  @Column({ type: 'varchar', length: 255, default: '' })
  description: string;

  @Column({ type: 'varchar', length: 32, default: '' })
  extension: string;

  @Column({ type: 'varchar', length: 255, default: '' })
  email: string;

  @Column({ type: 'varchar', length: 255, default: '' })
  address: string;

  @Column({ type: 'varchar', length: 255, default: '' })
  reference: string;

  /** `YYYY-MM-DD HH:mm:ss` in UTC+8. */
  @Column({ type: 'varchar', length: 19 })
  created: string;
}
