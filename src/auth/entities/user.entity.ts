import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A person who signs in; `user_id` is family A's user_id and family B's uid. */
@Entity('user')
@Index('uq_user_username', ['username'], { unique: true })
export class User {
  @PrimaryColumn({ name: 'user_id', type: 'bigint', primaryKeyConstraintName: 'pk_user' })
  userId: number;

  @Column({ type: 'varchar', length: 64 })
  username: string;

  @Column({ name: 'password_hash', type: 'varchar', length: 255 })
  passwordHash: string;

  /** May act for every user (CONTRACT 1.3). */
  @Column({ name: 'is_super', type: 'tinyint', default: 0 })
  isSuper: number;

  /** 0 closes the account: no sign-in, and tokens already given stop working. */
  @Column({ name: 'is_available', type: 'tinyint', default: 1 })
  isAvailable: number;

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

  /** Wall clock in UTC+8. */
  @Column({ type: 'varchar', length: 19 })
  created: string;
}
