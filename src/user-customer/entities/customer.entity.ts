import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A customer of family A; a user who knows its code can follow it. */
@Entity('customer')
@Index('ix_customer_created', ['created', 'customerId'])
export class Customer {
  @PrimaryColumn({ name: 'customer_id', type: 'bigint', primaryKeyConstraintName: 'pk_customer' })
  customerId: number;

  @Column({ type: 'varchar', length: 255, default: '' })
  name: string;

  /**
   * The code (授权码) that `add` of a relation asks for; often four characters, so guesses are counted. Only is_super
   * sees it (CONTRACT 1.4); never in a log.
   */
  @Column({ type: 'varchar', length: 64 })
  secret: string;

  @Column({ type: 'varchar', length: 1024, default: '' })
  description: string;

  @Column({ name: 'exp_id', type: 'varchar', length: 64, default: '' })
  expId: string;

  @Column({ type: 'varchar', length: 64, default: '' })
  province: string;

  @Column({ type: 'varchar', length: 64, default: '' })
  city: string;

  @Column({ type: 'varchar', length: 255, default: '' })
  address: string;

  @Column({ type: 'varchar', length: 64, default: '' })
  phone: string;

  /** The person to talk to. */
  @Column({ type: 'varchar', length: 255, default: '' })
  contact: string;

  @Column({ type: 'varchar', length: 32, default: '' })
  mobile: string;

  @Column({ type: 'varchar', length: 255, default: '' })
  email: string;

  /** Kept verbatim, never evaluated. */
  @Column({ type: 'text', nullable: true })
  template: string | null;

  /** Kept verbatim, never evaluated. */
  @Column({ type: 'text', nullable: true })
  script: string | null;

  @Column({ type: 'varchar', length: 255, default: '' })
  reference: string;

  /** Wall clock in UTC+8; null in rows of versions that did not record it. */
  @Column({ type: 'varchar', length: 19, nullable: true })
  created: string | null;
}
