import { mixed, pick, wallClock } from './random';

/* Rows of family B, with the golden answers' keys in their order (CONTRACT 2.3). */

export type Tag = ReturnType<typeof tag>;
export type Employee = ReturnType<typeof employee>;
export type Contact = ReturnType<typeof contact>;
export type Follow = ReturnType<typeof follow>;

/** The one enterprise that there is. */
export const UNIACID = 2;
export const BUSINESS_ID = 1;

const EMPLOYEES = 40;
const TAGS = 30;
/** Follows of a contact: one contact in four has two. */
const FOLLOWS_A_CONTACT = 1.25;

const SURNAMES = ['李', '王', '张', '欧阳', '𠮷田'];
const NICKNAMES = ['小林😀', 'Anna', "O'Neil", '50%_off', '<b>粗体</b>', '云淡风轻', '李一天'];
const REMARKS = ['', '展会认识', 'VIP⭐', '老客户', '李宝佳', 'Abe'];
const ADD_WAYS = ['0', '1', '2', '3', '9', '201', '202'];
const POSITIONS = ['', '客户经理', 'Sales'];

const SYNCED = '2021-09-28 09:21:46';

/** Everything a 芸众 of this seed knows of its enterprise. */
export class WechatData {
  readonly tags: Tag[];
  readonly employees: Employee[];
  readonly contacts: Contact[];
  readonly follows: Follow[];

  /** @param follows how many */
  constructor(
    private readonly seed: number,
    follows: number,
  ) {
    this.tags = Array.from({ length: TAGS }, (_, index) => tag(index));
    this.employees = Array.from({ length: EMPLOYEES }, (_, index) => employee(seed, index));
    const contacts = Math.max(1, Math.ceil(follows / FOLLOWS_A_CONTACT));
    this.contacts = Array.from({ length: contacts }, (_, index) => contact(seed, index));
    this.follows = Array.from({ length: follows }, (_, index) => this.follow(index, index % contacts));
  }

  /** One more customer now; it stands on page 1. */
  addFollow(): Follow {
    const added = contact(this.seed, this.contacts.length);
    this.contacts.push(added);
    const row = this.follow(Math.max(...this.follows.map(({ id }) => id)) - FIRST_FOLLOW + 1, this.contacts.length - 1);
    this.follows.push(row);
    return row;
  }

  /** The last two employees have no customers; now and then the employee of a follow is gone. */
  private follow(index: number, ofContact: number): Follow {
    const isGone = index % 1499 === 1498;
    const nth = (ofContact + (index === ofContact ? 0 : 7)) % (EMPLOYEES - 2);
    const userid = isGone ? `Gone${nth}` : this.employees[nth]!.user_id;
    return follow(this.seed, index, this.contacts[ofContact]!.external_userid, userid, this.tags);
  }
}

const FIRST_FOLLOW = 50_001;

function tag(index: number) {
  const group = Math.floor(index / 10);
  return {
    id: 501 + index,
    uniacid: UNIACID,
    crop_id: BUSINESS_ID,
    tag_id: `etStandIn${String(index).padStart(23, '0')}`,
    name: `${pick(['意向', '等级', '来源'], group)}${index + 1}${index % 13 === 5 ? '🔥' : ''}`,
    create_time: 1_615_434_976 + index * 60,
    order: index % 5,
    created_at: '2021-08-24 16:13:28',
    updated_at: index % 2 === 0 ? '2021-08-24 16:13:28' : null,
    deleted_at: null,
    group_id: `etStandInGroup${String(group).padStart(18, '0')}`,
    group_name: pick(['客户意向', '客户等级', '来源'], group),
  };
}

function employee(seed: number, index: number) {
  const number = mixed(seed, index + 101);
  return {
    id: 301 + index,
    uniacid: UNIACID,
    business_id: BUSINESS_ID,
    uid: number % 5 === 0 ? 4000 + index : 0,
    user_id: `Staff${pick(['Li', 'Wang', 'Zhang'], number)}${String(index).padStart(3, '0')}`,
    name: `${pick(SURNAMES, number >>> 2)}${pick(['伟', '娜', '静'], number >>> 5)}${index}`,
    mobile: `135${String(number % 1e8).padStart(8, '0')}`,
    position: pick(POSITIONS, number >>> 7),
    gender: number % 3,
    telephone: '',
    email: index % 4 === 0 ? `staff${index}@example.com` : '',
    avatar: `https://wework.qpic.cn/bizmail/${number.toString(16)}/0`,
    alias: '',
    status: 1,
    qr_code: `https://open.work.weixin.qq.com/wwopen/userQRCode?vcode=vc${number.toString(16)}`,
    address: '',
    open_userid: `1_Staff${index}`,
    main_department: String(1 + (number % 5)),
    updated_at: '2021-09-24 16:31:09',
    created_at: '2021-09-24 16:31:09',
    deleted_at: null,
    right_type: 0,
    disabled: number % 9 === 0 ? 1 : 0,
  };
}

function contact(seed: number, index: number) {
  const number = mixed(seed ^ 0x2545f491, index);
  const isWecom = index % 11 === 3;
  const uid = number % 6 === 0 ? 3000 + (index % 500) : 0;
  return {
    id: 20_001 + index,
    uniacid: UNIACID,
    crop_id: BUSINESS_ID,
    uid,
    external_userid: `${isWecom ? 'wo' : 'wm'}StandIn${String(index).padStart(23, 'A')}`,
    name: `${pick(NICKNAMES, number)}${number % 2 === 0 ? index : ''}`,
    avatar: `http://wx.qlogo.cn/mmhead/${number.toString(16)}/0`,
    external_type: isWecom ? 2 : 1,
    gender: number % 3,
    unionid: isWecom ? '' : `oStandIn${number.toString(36)}`,
    position: isWecom ? pick(POSITIONS, number >>> 3) : '',
    corp_name: isWecom ? '芸众' : '',
    corp_full_name: isWecom ? '广州市芸众信息科技有限公司' : '',
    external_profile: isWecom ? '{"external_attr":[{"type":0,"name":"简介","text":{"value":"你好😀"}}]}' : 'null',
    is_member: uid > 0 ? 1 : 0,
    created_at: SYNCED,
    updated_at: number % 4 === 0 ? '2021-10-08 18:40:42' : null,
    deleted_at: null,
  };
}

function follow(seed: number, index: number, external_userid: string, userid: string, tags: Tag[]) {
  const number = mixed(seed ^ 0x5bd1e995, index);
  const added = 1_600_000_000 + (number % 60_000_000);
  const tagIds = Array.from({ length: number % 4 }, (_, nth) => pick(tags, mixed(number, nth)).tag_id);
  if (number % 101 === 0) tagIds.push('etStandInDeletedTag');
  return {
    id: FIRST_FOLLOW + index,
    uniacid: UNIACID,
    crop_id: BUSINESS_ID,
    uid: 0,
    userid,
    external_userid,
    remark: pick(REMARKS, number) + (number % 3 === 0 ? String(index) : ''),
    description: number % 7 === 0 ? '第一行\n第二行' : '',
    customer_create_time: added,
    remark_corp_name: number % 9 === 0 ? '某某科技' : '',
    remark_mobiles: number % 5 === 0 ? `["138${String(number % 1e8).padStart(8, '0')}"]` : '[]',
    oper_userid: number % 2 === 0 ? userid : external_userid,
    tag_id: [...new Set(tagIds)].join(','),
    createtime: added,
    add_way: pick(ADD_WAYS, number >>> 5),
    state: number % 10 === 1 ? '渠道-甲' : '',
    status: number % 8 === 0 ? -1 : 1,
    created_at: wallClock(added + 86_400),
    updated_at: number % 3 === 0 ? wallClock(added + 172_800) : null,
    deleted_at: null,
  };
}
