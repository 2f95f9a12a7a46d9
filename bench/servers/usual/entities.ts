import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, Relation } from 'typeorm';

// The product's tables, with properties named like the fields on the wire, as many teams map them.

@Entity('user')
export class User {
  @PrimaryColumn({ type: 'bigint' }) user_id: number;
  @Column() is_super: number;
}

@Entity('session')
export class Session {
  @PrimaryColumn() token_hash: string;
  @Column({ type: 'bigint' }) expires_at: number;
  @ManyToOne(() => User)
  @JoinColumn({ name: 'user_id' })
  user: Relation<User>;
}

@Entity('failed_attempt')
export class FailedAttempt {
  @PrimaryColumn() id: number;
  @Column() subject: string;
  @Column({ type: 'bigint' }) failed_at: number;
}

@Entity('enterprise_right')
export class EnterpriseRight {
  @PrimaryColumn() uniacid: number;
  @PrimaryColumn() business_id: number;
  @PrimaryColumn({ type: 'bigint' }) user_id: number;
}

@Entity('enterprise_choice')
export class EnterpriseChoice {
  @PrimaryColumn({ type: 'bigint' }) user_id: number;
  @PrimaryColumn() uniacid: number;
  @Column() business_id: number;
}

@Entity('customer')
export class Customer {
  @PrimaryColumn({ type: 'bigint' }) customer_id: number;
  @Column() secret: string;
}

@Entity('user_customer')
export class UserCustomer {
  @PrimaryColumn({ type: 'bigint' }) user_id: number;
  @PrimaryColumn({ type: 'bigint' }) customer_id: number;
  @Column({ type: 'text', nullable: true }) template: string | null;
  @Column({ type: 'text', nullable: true }) script: string | null;
  @Column() reference: string;
  @Column({ type: 'varchar', nullable: true }) created: string | null;
  @Column() is_available: number;
  @Column() boss_sync: number;
}

@Entity('wechat_customer')
export class WechatCustomer {
  @PrimaryColumn() id: number;
  @Column() uniacid: number;
  @Column() crop_id: number;
  @Column({ type: 'bigint' }) uid: number;
  @Column() external_userid: string;
  @Column() name: string;
  @Column() avatar: string;
  @Column() external_type: number;
  @Column() gender: number;
  @Column() unionid: string;
  @Column() position: string;
  @Column() corp_name: string;
  @Column() corp_full_name: string;
  @Column() external_profile: string;
  @Column() is_member: number;
  @Column({ type: 'varchar', nullable: true }) created_at: string | null;
  @Column({ type: 'varchar', nullable: true }) updated_at: string | null;
  @Column({ type: 'varchar', nullable: true }) deleted_at: string | null;
}

@Entity('wechat_employee')
export class WechatEmployee {
  @PrimaryColumn() id: number;
  @Column() uniacid: number;
  @Column() business_id: number;
  @Column({ type: 'bigint' }) uid: number;
  @Column() user_id: string;
  @Column() name: string;
  @Column() mobile: string;
  @Column() position: string;
  @Column() gender: number;
  @Column() telephone: string;
  @Column() email: string;
  @Column() avatar: string;
  @Column() alias: string;
  @Column() status: number;
  @Column() qr_code: string;
  @Column() address: string;
  @Column() open_userid: string;
  @Column() main_department: string;
  @Column({ type: 'varchar', nullable: true }) updated_at: string | null;
  @Column({ type: 'varchar', nullable: true }) created_at: string | null;
  @Column({ type: 'varchar', nullable: true }) deleted_at: string | null;
  @Column() right_type: number;
  @Column() disabled: number;
}

@Entity('wechat_tag')
export class WechatTag {
  @PrimaryColumn() id: number;
  @Column() uniacid: number;
  @Column() crop_id: number;
  @Column() tag_id: string;
  @Column() name: string;
  @Column({ type: 'bigint' }) create_time: number;
  @Column({ type: 'bigint' }) order: number;
  @Column({ type: 'varchar', nullable: true }) created_at: string | null;
  @Column({ type: 'varchar', nullable: true }) updated_at: string | null;
  @Column({ type: 'varchar', nullable: true }) deleted_at: string | null;
  @Column() group_id: string;
  @Column() group_name: string;
}

@Entity('wechat_follow')
export class WechatFollow {
  @PrimaryColumn() id: number;
  @Column() uniacid: number;
  @Column() crop_id: number;
  @Column({ type: 'bigint' }) uid: number;
  @Column() userid: string;
  @Column() external_userid: string;
  @Column() remark: string;
  @Column() description: string;
  @Column({ type: 'bigint' }) customer_create_time: number;
  @Column() remark_corp_name: string;
  @Column() remark_mobiles: string;
  @Column() oper_userid: string;
  @Column({ type: 'text' }) tag_id: string;
  @Column({ type: 'bigint' }) createtime: number;
  @Column() add_way: string;
  @Column() state: string;
  @Column() status: number;
  @Column({ type: 'varchar', nullable: true }) created_at: string | null;
  @Column({ type: 'varchar', nullable: true }) updated_at: string | null;
  @Column({ type: 'varchar', nullable: true }) deleted_at: string | null;

  @ManyToOne(() => WechatCustomer)
  @JoinColumn({ name: 'customer_pk' })
  has_one_customer: Relation<WechatCustomer> | null;

  @ManyToOne(() => WechatEmployee)
  @JoinColumn([
    { name: 'uniacid', referencedColumnName: 'uniacid' },
    { name: 'crop_id', referencedColumnName: 'business_id' },
    { name: 'userid', referencedColumnName: 'user_id' },
  ])
  has_one_employee: Relation<WechatEmployee> | null;
}

export const entities = [
  User,
  Session,
  FailedAttempt,
  EnterpriseRight,
  EnterpriseChoice,
  Customer,
  UserCustomer,
  WechatCustomer,
  WechatEmployee,
  WechatTag,
  WechatFollow,
];
