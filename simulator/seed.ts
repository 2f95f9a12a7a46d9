import type { Contact, Employee, Follow, TagGroup } from './data';
import { mixed } from './random';

/* Data of a seeded corp, each row from its number alone, so that none has to be kept. */

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const ID_LENGTH = 32;
const TAGS_A_GROUP = 10;

const SURNAMES = [
  ['Zhang', '张'],
  ['Wang', '王'],
  ['Li', '李'],
  ['Zhao', '赵'],
  ['Chen', '陈'],
  ['Ouyang', '欧阳'],
] as const;
const GIVEN = ['伟', '秀英', '娜', '敏', '静', '强', '磊', '洋', '𠮷', '子轩'];
const NICKNAMES = [
  '小林😀',
  'Anna',
  '阿杰👨‍👩‍👧',
  '𠮷野家',
  'ｆｕｌｌ',
  "O'Neil",
  '50%_off',
  '<b>',
  'Ünïcode',
  '云淡风轻 ',
  '',
  '🇨🇳加油',
];
const CORPS = [
  ['某某科技', '某某科技有限公司'],
  ['华东贸易', '华东贸易（上海）有限公司'],
  ['𠮷祥', '𠮷祥餐饮管理有限公司'],
] as const;
const POSITIONS = ['客户经理', '顾问', 'Sales', '店长'];
/** With one that no page defines. */
const ADD_WAYS = [0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 21, 22, 24, 99, 201, 202];
const REMARKS = ['林总', '展会认识', 'VIP⭐', '', '老客户 ', '王姐'];
const DESCRIPTIONS = ['', '', '喜欢红色', '第一行\n第二行', '预算 10% 以内', '😀'.repeat(20)];
const STATES = ['channel_a', '渠道-甲😀', 'STATE_01'];
const GROUP_NAMES = ['客户等级', '来源', '意向', '地区'];
const STRATEGY_GROUP = '华东组';

const pick = <T>(items: readonly T[], number: number): T => items[number % items.length]!;

/** A number in digits that differ by case alone now and then, as WeCom's ids do. */
function padded(prefix: string, number: number): string {
  let text = '';
  for (let rest = number; rest > 0; rest = Math.floor(rest / DIGITS.length)) text = DIGITS[rest % DIGITS.length] + text;
  return prefix + text.padStart(ID_LENGTH - prefix.length, '0');
}

export class Seed {
  private readonly mark: string;

  constructor(
    private readonly seed: number,
    private readonly contacts: number,
    /** All that a follow may carry, by its index. */
    private readonly tags: readonly string[],
    /** The userids at seeding. */
    private readonly userids: readonly string[],
  ) {
    this.mark = `SIM${seed.toString(36)}`;
  }

  static employee(seed: number, index: number): Employee {
    const number = mixed(seed, index + 11);
    const [latin, surname] = pick(SURNAMES, number);
    return {
      userid: `${latin}.${String(index + 1).padStart(4, '0')}`,
      name: surname + pick(GIVEN, number >>> 8),
      department: number % 3 === 0 ? [1, 2] : [1 + (number % 5)],
      ...(number % 4 !== 0 && { position: pick(POSITIONS, number >>> 4) }),
      ...(number % 5 === 0 && { alias: latin.toLowerCase() }),
      status: number % 17 === 0 ? 4 : 1,
      isFollower: true,
      isRemoved: false,
    };
  }

  static tagGroups(seed: number, count: number): TagGroup[] {
    const groups: TagGroup[] = [];
    for (let index = 0; index < count; index++) {
      const create_time = 1_700_000_000 + index * 60;
      const group = Math.floor(index / TAGS_A_GROUP);
      groups[group] ??= {
        group_id: padded(`etSIM${seed.toString(36)}G`, group + 1),
        group_name: pick(GROUP_NAMES, group) + (group < GROUP_NAMES.length ? '' : String(group + 1)),
        create_time,
        order: group % 7,
        isDeleted: false,
        tag: [],
      };
      const name = `标签${index + 1}${index % 13 === 5 ? '🔥' : ''}`;
      const tag = { id: padded(`etSIM${seed.toString(36)}T`, index + 1), name, create_time, order: index % 5 };
      groups[group].tag.push({ ...tag, isDeleted: false });
    }
    return groups;
  }

  /** Tags of a strategy group: follows carry them, get_corp_tag_list does not know them. */
  static strategyTags(seed: number, count: number): Map<string, { group_name: string; tag_name: string }> {
    const tags = Array.from({ length: count }, (_, index) => padded(`stSIM${seed.toString(36)}`, index + 1));
    return new Map(tags.map((id, index) => [id, { group_name: STRATEGY_GROUP, tag_name: `重点${index + 1}` }]));
  }

  contactId(index: number): string {
    return padded((isWecomUser(index) ? 'wo' : 'wm') + this.mark, index);
  }

  /** @returns the contact's number, or undefined if the id is none of this seed */
  contactIndex(externalUserid: string): number | undefined {
    const digits = externalUserid.slice(2 + this.mark.length);
    let index = 0;
    for (const digit of digits) index = index * DIGITS.length + DIGITS.indexOf(digit);
    return index >= 0 && index < this.contacts && this.contactId(index) === externalUserid ? index : undefined;
  }

  contact(index: number): Contact {
    const number = mixed(this.seed, index + 1_000_003);
    const isWecom = isWecomUser(index);
    const nickname = pick(NICKNAMES, number);
    const name = isWecom ? pick(SURNAMES, number)[1] + pick(GIVEN, number >>> 6) : nickname;
    const avatar = number % 6 === 0 ? '' : `http://wx.qlogo.cn/mmhead/${number.toString(16)}/0`;
    const start = { external_userid: this.contactId(index), name, type: isWecom ? 2 : 1 };
    if (!isWecom) {
      const unionid = number % 5 === 0 ? {} : { unionid: `oSIM${number.toString(36)}_${index.toString(36)}` };
      return { ...start, ...(number % 31 !== 0 && { avatar }), gender: number % 3, ...unionid };
    }
    const [corp_name, corp_full_name] = pick(CORPS, number >>> 3);
    const attributes = [
      { type: 0, name: '简介', text: { value: '你好😀' } },
      { type: 1, name: '官网', web: { url: 'https://example.com', title: '官网' } },
      { type: 2, name: '小程序', miniprogram: { appid: 'wxsim00000000001', pagepath: '/index', title: '商城' } },
    ].slice(0, number % 4);
    return {
      ...start,
      ...(number % 3 !== 0 && { position: pick(POSITIONS, number >>> 2) }),
      avatar,
      corp_name,
      ...(number % 2 === 0 && { corp_full_name }),
      gender: number % 3,
      ...(number % 4 !== 3 && { external_profile: { external_attr: attributes } }),
    };
  }

  follow(index: number, contact: number, employee: number): Follow {
    const number = mixed(this.seed ^ 0x5bd1e995, index);
    const add_way = pick(ADD_WAYS, number >>> 5);
    const userid = this.userids[employee]!;
    const isWechat = !isWecomUser(contact);
    return {
      remark: pick(REMARKS, number),
      ...(number % 41 !== 0 && { description: pick(DESCRIPTIONS, number >>> 3) }),
      createtime: 1_600_000_000 + (number % 160_000_000), // not in the order of lists
      tag_id: this.tagsOf(number),
      ...(number % 9 === 0 && { personal_tags: ['朋友', '老乡'].slice(number % 2) }),
      ...(isWechat && number % 3 === 0 && { remark_corp_name: pick(CORPS, number >>> 2)[0] }),
      ...(number % 7 !== 0 && { remark_mobiles: this.mobilesOf(number) }),
      oper_userid: number % 2 === 0 ? userid : this.contactId(contact),
      add_way,
      ...((add_way === 16 || number % 10 === 1) && { state: pick(STATES, number >>> 4) }),
      ...(add_way === 10 && { wechat_channels: { nickname: '品牌号', source: number % 4 } }),
    };
  }

  private tagsOf(number: number): string[] {
    if (this.tags.length === 0) return [];
    const chosen = Array.from({ length: number % 5 }, (_, nth) => pick(this.tags, mixed(number, nth)));
    return [...new Set(chosen)];
  }

  private mobilesOf(number: number): string[] {
    return Array.from(
      { length: (number >>> 7) % 3 },
      (_, nth) => `138${String(mixed(number, nth + 50) % 1e8).padStart(8, '0')}`,
    );
  }
}

/** One in eleven. */
function isWecomUser(contact: number): boolean {
  return contact % 11 === 3;
}
