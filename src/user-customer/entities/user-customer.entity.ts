import type { Relation } from 'typeorm';
import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { User } from '../../auth/entities/user.entity';
import { Customer } from './customer.entity';

/** No constraints: a relation whose user or customer is gone stays visible. */
const LOOSE = { createForeignKeyConstraints: false } as const;

/** A relation of family A: a user follows a customer (CONTRACT 1.3). */
@Entity('user_customer')
@Index('ix_user_customer_user_created', ['userId', 'created', 'customerId'])
@Index('ix_user_customer_created', ['created', 'customerId', 'userId'])
@Index('ix_user_customer_customer', ['customerId'])
export class UserCustomer {
  @PrimaryColumn({ name: 'user_id', type: 'bigint', primaryKeyConstraintName: 'pk_user_customer' })
  userId: number;

  @PrimaryColumn({ name: 'customer_id', type: 'bigint', primaryKeyConstraintName: 'pk_user_customer' })
  customerId: number;

  /** Kept verbatim, never evaluated. */
  @Column({ type: 'text', nullable: true })
  template: string | null;

  /** Kept verbatim, never evaluated. */
  @Column({ type: 'text', nullable: true })
  script: string | null;

  @Column({ type: 'varchar', length: 255, default: '' })
  reference: string;

  /** Wall clock in UTC+8; null in rows taken over from systems that did not record it. */
  @Column({ type: 'varchar', length: 19, nullable: true })
  created: string | null;

  @Column({ name: 'is_available', type: 'tinyint', default: 1 })
  isAvailable: number;

  @Column({ name: 'boss_sync', type: 'tinyint', default: 0 })
  bossSync: number;

  /** Null when the user is gone. */
  @ManyToOne(() => User, LOOSE)
  @JoinColumn({ name: 'user_id' })
  user?: Relation<User> | null;

  /** Null when the customer is gone. */
  @ManyToOne(() => Customer, LOOSE)
  @JoinColumn({ name: 'customer_id' })
  customer?: Relation<Customer> | null;
}
