import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import { DeletedAt } from './deleted-at';

/** An employee (成员) of an enterprise, as in WeCom. */
@Entity('wechat_employee')
@Index('uq_wechat_employee', ['uniacid', 'enterpriseId', 'userid'], { unique: true })
export class Employee {
  @PrimaryGeneratedColumn({ type: 'integer', primaryKeyConstraintName: 'pk_wechat_employee' })
  id: number;

  @Column({ type: 'integer' })
  uniacid: number;

  /** The enterprise, called crop_id in the other tables. */
  @Column({ name: 'business_id', type: 'integer' })
  enterpriseId: number;

  @Column({ name: 'uid', type: 'bigint', default: 0 })
  memberUid: number;

  /** WeCom's id of the employee: a follow's `userid`. */
  @Column({ name: 'user_id', type: 'varchar', length: 64 })
  userid: string;

  @Column({ type: 'varchar', length: 255, default: '' })
  name: string;

  @Column({ type: 'varchar', length: 32, default: '' })
  mobile: string;

  @Column({ type: 'varchar', length: 255, default: '' })
  position: string;

  @Column({ type: 'tinyint', default: 0 })
  gender: number;

  @Column({ type: 'varchar', length: 32, default: '' })
  telephone: string;

  @Column({ type: 'varchar', length: 255, default: '' })
  email: string;

  @Column({ type: 'varchar', length: 1024, default: '' })
  avatar: string;

  @Column({ type: 'varchar', length: 255, default: '' })
  alias: string;

  @Column({ type: 'tinyint', default: 1 })
  status: number;

  @Column({ name: 'qr_code', type: 'varchar', length: 1024, default: '' })
  qrCode: string;

  @Column({ type: 'varchar', length: 255, default: '' })
  address: string;

  @Column({ name: 'open_userid', type: 'varchar', length: 64, default: '' })
  openUserid: string;

  @Column({ name: 'main_department', type: 'varchar', length: 32, default: '' })
  mainDepartment: string;

  @Column({ name: 'updated_at', type: 'varchar', length: 19, nullable: true })
  updatedAt: string | null;

  @Column({ name: 'created_at', type: 'varchar', length: 19, nullable: true })
  createdAt: string | null;

  @DeletedAt()
  deletedAt: string | null;

  @Column({ name: 'right_type', type: 'tinyint', default: 0 })
  rightType: number;

  @Column({ type: 'tinyint', default: 0 })
  disabled: number;
}
