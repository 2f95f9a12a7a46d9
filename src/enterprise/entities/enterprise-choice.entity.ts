import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The enterprise that a user has chosen in a uniacid; the right to it is checked again at every request. */
@Entity('enterprise_choice')
export class EnterpriseChoice {
  @PrimaryColumn({ name: 'user_id', type: 'bigint', primaryKeyConstraintName: 'pk_enterprise_choice' })
  userId: number;

  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'pk_enterprise_choice' })
  uniacid: number;

  @Column({ name: 'business_id', type: 'integer' })
  enterpriseId: number;
}
