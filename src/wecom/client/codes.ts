/*
 * WeCom's codes: what to do about each, and what it means to who reads the state of a run.
 */

/**
 * `retry`: passes by itself within seconds. `pause`: the frequency limit, which passes within a minute or an hour.
 * `token`: the access token is not valid any more. `final`: the same call fails again.
 */
export type Remedy = 'retry' | 'pause' | 'token' | 'final';

interface Code {
  remedy: Remedy;
  means: string;
}

const final = (means: string): Code => ({ remedy: 'final', means });
const retry = (means: string): Code => ({ remedy: 'retry', means });
const token = (means: string): Code => ({ remedy: 'token', means });

const CODES: Readonly<Record<number, Code>> = {
  [-1]: retry('系统繁忙'),
  6000: retry('数据版本冲突'),
  40001: token('Secret 不正确、已重置或应用已停用'),
  40003: final('成员 UserID 无效'),
  40013: final('企业 ID（CorpID）不正确'),
  40014: token('access_token 无效'),
  40031: final('成员 UserID 列表无效'),
  40035: final('参数不合法'),
  40058: final('参数不合法'),
  40063: final('参数为空'),
  40068: final('标签不存在'),
  40091: final('Secret 不合法，可能是其他企业的'),
  40096: final('外部联系人 ID 无效，或跟进成员不在应用可见范围内'),
  40126: final('企业标签数量已达上限'),
  40144: final('该客户的标签数量已达上限'),
  41001: final('缺少 access_token'),
  41002: final('缺少企业 ID（CorpID）'),
  41004: final('缺少 Secret'),
  42001: token('access_token 已过期'),
  45009: { remedy: 'pause', means: '接口调用超过频率限制' },
  45029: final('返回的数据过大'),
  45033: retry('接口并发调用超过限制'),
  45035: retry('同一数据正在被修改'),
  45036: final('访问异常，已被限制获取数据'),
  48001: final('应用未获接口授权'),
  48002: final('应用没有客户联系权限'),
  48005: final('接口已停用'),
  48006: final('接口权限因长期未使用已被收回'),
  48009: final('通讯录同步的 Secret 不能读取成员详情'),
  48011: final('成员活跃度过低，不能读取客户'),
  50002: final('成员不在应用可见范围内'),
  50003: final('应用已停用'),
  50100: final('分页游标已失效'),
  60011: final('成员不在应用可见范围内'),
  60020: final('服务器 IP 不在企业可信 IP 中'),
  60021: final('部门不在应用可见范围内'),
  60030: final('没有编辑权限'),
  60031: final('应用被禁止调用该接口'),
  60111: final('成员不存在或不在应用可见范围内'),
  84061: final('与该外部联系人没有客户关系'),
  84074: final('成员没有外部联系人权限'),
  84084: final('不是该客户的跟进成员'),
  301007: final('企业已解散或被停用'),
  610023: final('企业的外部联系人数量超过上限'),
  610024: final('企业未认证，不能管理客户'),
};

/** Codes of gettoken after which the corp or its secret has to be set right; asked too often, WeCom locks our address. */
const WRONG_CREDENTIALS: readonly number[] = [40001, 40013, 40091];

/** Whether gettoken's code says that corp id or secret are wrong. */
export const isWrongCredential = (errcode: number): boolean => WRONG_CREDENTIALS.includes(errcode);

/** What to do about a code; one that is not known stays. */
export const remedyFor = (errcode: number): Remedy => CODES[errcode]?.remedy ?? 'final';

/** What a code means, in Chinese; undefined for one that is not known. */
export const meaningOf = (errcode: number): string | undefined => CODES[errcode]?.means;
