/** WeCom's text of a code, as seen in the field or as its page words it; clients must not match on it. */
const TEXTS: Readonly<Record<number, string>> = {
  [-1]: 'system error',
  6000: 'data version conflict',
  40001: 'invalid credential',
  40003: 'invalid userid',
  40013: 'invalid corpid',
  40014: 'invalid access_token',
  40031: 'invalid userid list',
  40032: 'invalid userid list length',
  40058: 'invalid Request Parameter',
  40063: 'some parameters are empty',
  40068: 'invalid tagid',
  40071: 'invalid tag name',
  40091: 'secret is invalid',
  40096: 'invalid external userid',
  40206: 'request body too large',
  41001: 'access_token missing',
  41002: 'corpid missing',
  41004: 'secret missing',
  41009: 'userid missing',
  41035: 'external_userid missing',
  42001: 'access_token expired',
  45009: 'api freq out of limit',
  45033: 'api concurrent out of limit',
  45035: 'concurrent write conflict',
  48002: 'api forbidden',
  48009: 'api forbidden for the contacts secret',
  50100: 'invalid cursor',
  60011: 'no privilege to access/modify contact/party/agent',
  60020: 'not allow to access from your ip',
  60111: 'userid not found',
  84061: 'not external contact',
  84074: 'no external contact right',
};

/** Codes whose answers have been seen without a hint. */
const BARE: ReadonlySet<number> = new Set([40014]);

/** An answer with this errcode; routes throw it. */
export class Refusal extends Error {
  constructor(
    readonly errcode: number,
    /** Stands before the code's text, as WeCom names a field there. */
    readonly detail = '',
  ) {
    super(`errcode ${errcode}`);
  }
}

/** @param warning stands at the end, as WeCom's about broken JSON does */
export function errmsgOf(errcode: number, detail: string, address: string, warning = ''): string {
  if (errcode === 0) return warning ? `ok. ${warning}` : 'ok';
  const text = [detail, TEXTS[errcode] ?? 'error'].filter(Boolean).join('. ');
  if (BARE.has(errcode)) return text;
  const hint = `${Date.now()}${Math.floor(Math.random() * 1e9)}`;
  const more = `more info at https://open.work.weixin.qq.com/devtool/query?e=${errcode}`;
  return `${text}, hint: [${hint}], from ip: ${address}, ${more}${warning && `. ${warning}`}`;
}
