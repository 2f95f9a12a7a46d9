import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A customer of family A; a user who knows its code can follow it. */
@Entity('customer')
export class Customer {
  @PrimaryColumn({ name: 'customer_id', type: 'bigint', primaryKeyConstraintName: 'pk_customer' })
  customerId: number;

  @Column({ type: 'varchar', length: 255, default: '' })
  name: string;

  /** The code (授权码) that `add` asks for; four characters, so guesses are counted. Never in an answer or a log. */
  @Column({ type: 'varchar', length: 64 })
  secret: string;
}
