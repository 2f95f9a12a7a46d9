import { Expose, Type } from 'class-transformer';

export class RelationReply {
  @Expose() user_id: number;
  @Expose() customer_id: number;
  @Expose() template: string | null;
  @Expose() script: string | null;
  @Expose() reference: string;
  @Expose() created: string | null;
  @Expose() is_available: number;
  @Expose() boss_sync: number;
}

export class RelationPageReply {
  @Expose() page_index: number;
  @Expose() page_size: number;
  @Expose() total_pages: number;
  @Expose() total_records: number;
  @Expose()
  @Type(() => RelationReply)
  data: RelationReply[];
}

class CustomerReply {
  @Expose() id: number;
  @Expose() uniacid: number;
  @Expose() crop_id: number;
  @Expose() uid: number;
  @Expose() external_userid: string;
  @Expose() name: string;
  @Expose() avatar: string;
  @Expose() external_type: number;
  @Expose() gender: number;
  @Expose() unionid: string;
  @Expose() position: string;
  @Expose() corp_name: string;
  @Expose() corp_full_name: string;
  @Expose() external_profile: string;
  @Expose() is_member: number;
  @Expose() created_at: string | null;
  @Expose() updated_at: string | null;
  @Expose() deleted_at: string | null;
}

class EmployeeReply {
  @Expose() id: number;
  @Expose() uniacid: number;
  @Expose() business_id: number;
  @Expose() uid: number;
  @Expose() user_id: string;
  @Expose() name: string;
  @Expose() mobile: string;
  @Expose() position: string;
  @Expose() gender: number;
  @Expose() telephone: string;
  @Expose() email: string;
  @Expose() avatar: string;
  @Expose() alias: string;
  @Expose() status: number;
  @Expose() qr_code: string;
  @Expose() address: string;
  @Expose() open_userid: string;
  @Expose() main_department: string;
  @Expose() updated_at: string | null;
  @Expose() created_at: string | null;
  @Expose() deleted_at: string | null;
  @Expose() right_type: number;
  @Expose() disabled: number;
}

class FollowReply {
  @Expose() id: number;
  @Expose() uniacid: number;
  @Expose() crop_id: number;
  @Expose() uid: number;
  @Expose() userid: string;
  @Expose() external_userid: string;
  @Expose() remark: string;
  @Expose() description: string;
  @Expose() customer_create_time: number;
  @Expose() remark_corp_name: string;
  @Expose() remark_mobiles: string;
  @Expose() oper_userid: string;
  @Expose() tag_id: string;
  @Expose() createtime: number;
  @Expose() add_way: string;
  @Expose() state: string;
  @Expose() status: number;
  @Expose() created_at: string | null;
  @Expose() updated_at: string | null;
  @Expose() deleted_at: string | null;
  @Expose() tag_name: string;
  @Expose()
  @Type(() => CustomerReply)
  has_one_customer: CustomerReply | null;
  @Expose()
  @Type(() => EmployeeReply)
  has_one_employee: EmployeeReply | null;
}

class TagReply {
  @Expose() id: number;
  @Expose() uniacid: number;
  @Expose() crop_id: number;
  @Expose() tag_id: string;
  @Expose() name: string;
  @Expose() create_time: number;
  @Expose() order: number;
  @Expose() created_at: string | null;
  @Expose() updated_at: string | null;
  @Expose() deleted_at: string | null;
  @Expose() group_id: string;
  @Expose() group_name: string;
}

class EmployeeOptionReply {
  @Expose() user_id: string;
  @Expose() name: string;
}

export class CustomerListReply {
  @Expose() current_page: number;
  @Expose()
  @Type(() => FollowReply)
  data: FollowReply[];
  @Expose() first_page_url: string;
  @Expose() from: number | null;
  @Expose() last_page: number;
  @Expose() last_page_url: string;
  @Expose() next_page_url: string | null;
  @Expose() path: string;
  @Expose() per_page: number;
  @Expose() prev_page_url: string | null;
  @Expose() to: number | null;
  @Expose() total: number;
  @Expose() count: number;
  @Expose()
  @Type(() => TagReply)
  tag: TagReply[];
  @Expose()
  @Type(() => EmployeeOptionReply)
  employee: EmployeeOptionReply[];
}
