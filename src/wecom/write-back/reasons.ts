/** Why an item was not changed, for the user. What WeCom itself says is `sentenceOf`. */
export const REASONS = {
  /** Another enterprise's is the same to the user. */
  unknown: '记录不存在',
  lost: '客户已流失，不能修改',
  wecomContact: '企业微信用户不支持修改企业名备注',
  /** The pair is not in WeCom. */
  noFollow: '企业微信中没有该客户关系',
  overtaken: '该客户已在企业微信中被修改，请刷新后重试',
  busy: '该客户的上一次修改尚未完成，请稍后重试',
  tooSlow: '企业微信响应过慢',
  tooLate: '企业微信响应过慢，未修改，请重试',
} as const;

/** After a reason: nobody knows yet whether WeCom has the change. */
export const TO_BE_SETTLED = '，结果待核对，稍后自动更新';
