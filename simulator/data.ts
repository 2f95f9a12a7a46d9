/* The shapes of WeCom's answers. Fields that WeCom may leave out are optional; tests may store odd values too. */

export interface Contact {
  external_userid: string;
  name: string;
  /** 1: WeChat user, 2: WeCom user. */
  type: number;
  avatar?: string;
  gender?: number;
  unionid?: string;
  position?: string;
  corp_name?: string;
  corp_full_name?: string;
  external_profile?: object;
}

export interface Follow {
  remark?: string;
  description?: string;
  /** Seconds since 1970. */
  createtime: number;
  /** Of the corp (`et`) and of strategy groups (`st`), in WeCom's order. */
  tag_id: string[];
  /** Names of personal tags: only `get` shows them. */
  personal_tags?: string[];
  remark_corp_name?: string;
  remark_mobiles?: string[];
  oper_userid?: string;
  add_way?: number;
  state?: string;
  wechat_channels?: { nickname: string; source: number };
}

export interface Employee {
  userid: string;
  name: string;
  department: number[];
  position?: string;
  alias?: string;
  /** 1 active, 2 disabled, 4 not activated, 5 left. */
  status: number;
  /** More fields of user/get. */
  more?: object;
  /** In the follow list. */
  isFollower: boolean;
  /** Out of the directory: 60111. */
  isRemoved: boolean;
}

/**
 * half: the customer has added the member, who has not added back; mutual; customer-left: the customer deleted the
 * member, lists still show it; member-left: the member deleted the customer, or the pair was transferred.
 */
export type Standing = 'half' | 'mutual' | 'customer-left' | 'member-left';

export interface Relation {
  employee: Employee;
  externalUserid: string;
  standing: Standing;
  /** Until then (milliseconds since 1970) `get` still shows a pair that the member has left. */
  shownUntil?: number;
  follow: Follow;
  /** Its place in every list. */
  readonly order: number;
}

export interface Tag {
  id: string;
  name: string;
  create_time: number;
  order: number;
  isDeleted: boolean;
}

export interface TagGroup {
  group_id: string;
  group_name: string;
  create_time: number;
  order: number;
  isDeleted: boolean;
  tag: Tag[];
}

export interface App {
  secret: string;
  agentId: number;
  /** The contacts-sync assistant's secret (通讯录同步) reads no customers and, of members, only ids. */
  kind: 'app' | 'contacts-sync';
  /** userids that the app sees; null: all. */
  visibleRange: string[] | null;
  /** 企业可信IP; null: all addresses. */
  trustedAddresses: string[] | null;
  /** Beginnings of paths that are refused with 48002, such as `externalcontact/`. */
  forbidden: string[];
}
