import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Which enterprise a user manages at the moment in a uniacid; the right is checked again at every call. */
@Entity('enterprise_choice')
export class EnterpriseChoice {
  @PrimaryColumn({ name: 'user_id', type: 'bigint', primaryKeyConstraintName: 'pk_enterprise_choice' })
  userId: number;

  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'pk_enterprise_choice' })
  uniacid: number;

  @Column({ name: 'business_id', type: 'integer' })
  enterpriseId: number;
}
