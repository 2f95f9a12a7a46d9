import type { Relation } from 'typeorm';
import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Enterprise } from './enterprise.entity';

/** A user's right to manage an enterprise; no row means no right. */
@Entity('enterprise_right')
@Index('ix_enterprise_right_user', ['userId', 'uniacid'])
export class EnterpriseRight {
  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'pk_enterprise_right' })
  uniacid: number;

  @PrimaryColumn({ name: 'business_id', type: 'integer', primaryKeyConstraintName: 'pk_enterprise_right' })
  enterpriseId: number;

  @PrimaryColumn({ name: 'user_id', type: 'bigint', primaryKeyConstraintName: 'pk_enterprise_right' })
  userId: number;

  /** 1 staff, 2 manager, 3 creator, 4 legal person, 5 both (`identities.ts`); any other gives no right. */
  @Column({ type: 'tinyint' })
  identity: number;

  /** WeCom's id of the employee that the user is in this enterprise; empty: none. */
  @Column({ type: 'varchar', length: 64, default: '' })
  userid: string;

  /** In the uniacid of the right; null when it is gone or of another one. */
  @ManyToOne(() => Enterprise, { createForeignKeyConstraints: false })
  @JoinColumn([
    { name: 'uniacid', referencedColumnName: 'uniacid' },
    { name: 'business_id', referencedColumnName: 'id' },
  ])
  enterprise?: Relation<Enterprise> | null;
}
