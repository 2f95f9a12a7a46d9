import { Random, weighted, zipf } from './random';

/** The most common surnames, each with its bearers per thousand people. */
const SURNAMES =
  '王71 李70 张67 刘52 陈46 杨32 黄23 赵21 吴20 周19 徐14 孙13 马13 朱12 胡12 郭11 何11 林11 罗10 高10 梁9 郑9 谢8 宋7 唐7 许6 ' +
  '邓6 冯6 韩6 曹6 曾6 彭5 肖5 蔡5 潘5 田5 董5 袁5 于5 余4 叶4 蒋4 杜4 苏4 魏4 程4 吕4 丁4 沈4 任4 姚4 卢4 傅3 钟3 姜3 崔3 谭3 ' +
  '廖3 范3 汪3 陆3 金3 石3 戴3 贾3 韦3 夏3 邱3 方3 侯3 邹3 熊3 孟3 秦3 白2 江2 阎2 薛2 尹2 段2 雷2 黎2 史2 龙2 贺2 陶2 顾2 毛2 郝2';

/** Characters of given names, the most common first. */
const GIVEN =
  '明华文建国平志伟军林海玉春金红丽英强永国生荣光德成新东云波兰龙秀敏峰芳燕清江杰飞梅霞俊凤辉宝玲祥勇静宇晓涛庆雪洪' +
  '小莲胜昌鹏亮民松学良娟艳福兴忠才立中慧琴子浩博轩梓涵怡佳欣雨桐诗思梦琪嘉瑞睿晨宏凯旭阳天翔泽毅鑫磊倩颖琳璐瑶';

const PLACES = ['北京', '上海', '广州', '深圳', '杭州', '成都', '武汉', '南京', '苏州', '重庆', '西安', '长沙', '青岛'];
const ROLES = ['采购', '老板', '财务', '行政', '店长', '客户', '工程', '设计', '代理', '总监'];

/** Search terms that match, in customer names and in remarks, about 2.5 % of the rows, exactly one row, and none. */
export const TERMS = { common: '晓明', one: '欧阳静姝', none: '夔夔' } as const;

const COMMON_SHARE = 0.028;

const surname = weighted(SURNAMES.split(' ').map((entry) => [entry[0]!, Number(entry.slice(1))] as const));
const given = zipf(GIVEN.length, 0.5);

/** A name of two or three characters; never {@link TERMS}.one. */
export function personName(random: Random): string {
  const family = surname(random);
  if (random.chance(COMMON_SHARE)) return family + TERMS.common;
  const first = GIVEN[given(random)]!;
  return random.chance(0.25) ? family + first : family + first + GIVEN[given(random)]!;
}

/** An employee's remark on a customer: empty, the name, or the name with place and role (`王艳文-上海采购`). */
export function remarkOn(name: string, random: Random): string {
  if (random.chance(0.15)) return '';
  return random.chance(0.65) ? name : `${name}-${random.pick(PLACES)}${random.pick(ROLES)}`;
}
