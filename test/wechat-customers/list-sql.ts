import { format } from 'sql-formatter';
import { dialectOf } from '../../src/database/dialect';
import type { Statement } from '../../src/database/sql';
import type { ResolvedFilter } from '../../src/wechat-customers/list/filter';
import { pageIds, pageRows } from '../../src/wechat-customers/list/page-sql';
import { narrow, Narrowing, narrowingFor, planOf, planTotal, Reading } from '../../src/wechat-customers/list/plan';
import { FOLLOW_COLUMNS } from '../../src/wechat-customers/rows.reply';
import { newestUpTo, occurringIn, totalOf } from '../../src/wechat-customers/list/total-sql';

const TENANT = { uniacid: 2, enterpriseId: 1 };

/** Keys of tags A to J. */
const [A, B, C, ...OTHERS] = [11, 12, 13, 14, 15, 16, 17, 18, 19, 20] as const;

/** 2026-01-01 UTC+8, and a month before it. */
const NEW_YEAR = 1_767_196_800;
const DECEMBER = { from: NEW_YEAR - 31 * 86_400, to: NEW_YEAR - 1 };
const YEAR = { from: NEW_YEAR - 365 * 86_400, to: NEW_YEAR - 1 };

/** The bounds from the counters in the samples. */
const NARROWING: Required<Narrowing> = {
  newestId: 900_000,
  occurring: { statuses: [1, -1], addWays: ['1', '202'] },
};

const SAMPLES: Record<string, Partial<ResolvedFilter>> = {
  'no filter': {},
  'status lost': { status: -1 },
  'way of adding': { addWay: '202' },
  'type WeCom': { externalType: 2 },
  'type, way of adding and status': { externalType: 2, addWay: '202', status: -1 },
  'no member bound': { member: 0 },
  'a member': { member: 3061 },
  'a member, last month': { member: 3061, ...DECEMBER },
  'an owner': { owner: 'LiLei' },
  'an owner, status, last year': { owner: 'LiLei', status: -1, ...YEAR },
  'tag A': { tags: { anyOf: [A] } },
  'tag A and status': { tags: { anyOf: [A] }, status: -1 },
  'tag A and last month': { tags: { anyOf: [A] }, ...DECEMBER },
  'tag A and last year': { tags: { anyOf: [A] }, ...YEAR },
  'tag A or B': { tags: { anyOf: [A, B] } },
  'tag A or B, last month': { tags: { anyOf: [A, B] }, ...DECEMBER },
  'any of ten tags': { tags: { anyOf: [A, B, C, ...OTHERS] } },
  'any of ten tags and a remark': { tags: { anyOf: [A, B, C, ...OTHERS] }, remark: '回访' },
  'tags A and B': { tags: { allOf: [A, B] } },
  'all of ten tags': { tags: { allOf: [A, B, C, ...OTHERS] } },
  'not tag A': { tags: { noneOf: [A] } },
  'neither tag A nor B, status': { tags: { noneOf: [A, B] }, status: 1 },
  'none of ten tags': { tags: { noneOf: [A, B, C, ...OTHERS] } },
  'no tag': { tags: { untagged: true } },
  'no tag, an owner': { tags: { untagged: true }, owner: 'LiLei' },
  'a tag that the enterprise has not': { tags: { anyOf: [] } },
  'an owner and tag A': { owner: 'LiLei', tags: { anyOf: [A] } },
  'last month': DECEMBER,
  'last month, status': { ...DECEMBER, status: 1 },
  'last year': YEAR,
  'from a moment on': { from: NEW_YEAR },
  'up to a moment': { to: NEW_YEAR },
  'two days': { from: NEW_YEAR, to: NEW_YEAR + 2 * 86_400 },
  'customer, one character': { customer: '王' },
  'customer, two characters': { customer: '王明' },
  'customer, three characters': { customer: '王小明' },
  'customer by external_userid': { customer: 'wmA1', externalUserid: 'wmA1' },
  'customer and status': { customer: '王明', status: -1 },
  'customer, last month': { customer: '王明', ...DECEMBER },
  'remark, two characters': { remark: '回访' },
  'remark, many characters': { remark: '上海采购负责人' },
  'remark and customer': { remark: '回访', customer: '王明' },
  'remark, tag A and last year': { remark: '回访', tags: { anyOf: [A] }, ...YEAR },
};

export type Engine = 'mariadb' | 'sqlite';

/** The SQL of all samples for one engine, with values in place of `?`: a file of src/wechat-customers/list/sql/. */
export function samplesFor(engine: Engine): string {
  const sections = Object.entries(SAMPLES).map(([name, given]) => sampleOf(engine, name, { tags: {}, ...given }));
  return [HEAD, ...sections, rowsOf(engine)].join('\n');
}

const HEAD = `-- Generated: what getList asks the database for, filter by filter. Do not edit; npm run sql writes it anew.
-- A page is read in list order, or, when at most 3,000 follows pass, side by side.
`;

function sampleOf(engine: Engine, name: string, filter: ResolvedFilter): string {
  const dialect = dialectFor(engine);
  const [many, few] = (['in list order', 'side by side'] as const).map((reading) => pageOf(engine, filter, reading));
  const total = sqlOf(engine, totalOf(dialect, TENANT, filter, planTotal(filter)));
  const readsNewest = narrowingFor(planOf(filter, 'in list order'), filter).newestId;
  const readsOccurring = narrowingFor(planOf(filter, 'side by side'), filter).occurring;
  return [
    `\n-- ==== ${name} ====`,
    ...(many === few ? ['-- page', many] : ['-- page, in list order', many, '-- page, side by side', few]),
    ...['-- total', total],
    ...(readsNewest ? ['-- where a page in list order begins', sqlOf(engine, newestUpTo(TENANT, filter.to!))] : []),
    ...(readsOccurring ? ['-- what occurs, for a page side by side', sqlOf(engine, occurringIn(TENANT, filter))] : []),
  ].join('\n');
}

function pageOf(engine: Engine, filter: ResolvedFilter, reading: Reading): string {
  const plan = planOf(filter, reading);
  const needed = narrowingFor(plan, filter);
  const narrowed = narrow(plan, {
    newestId: needed.newestId ? NARROWING.newestId : undefined,
    occurring: needed.occurring ? NARROWING.occurring : undefined,
  });
  return sqlOf(engine, pageIds(dialectFor(engine), TENANT, narrowed, 15, 30));
}

function rowsOf(engine: Engine): string {
  const ids = pageIds(dialectFor(engine), TENANT, planOf({ tags: {} }, 'in list order'), 15, 30);
  return `\n-- ==== the rows of a page ====\n${sqlOf(engine, pageRows(dialectFor(engine), TENANT, ids, FOLLOW_COLUMNS))}\n`;
}

function sqlOf(engine: Engine, { sql, values }: Statement): string {
  const written = [...values];
  // Values of LIMIT and OFFSET are numbers sent as text.
  const literal = (value: unknown, isLimit: boolean) =>
    typeof value === 'number' || isLimit ? String(value) : `'${String(value)}'`;
  const whole = sql.replace(
    /(LIMIT |OFFSET )?\?/g,
    (_, word: string = '') => word + literal(written.shift(), word !== ''),
  );
  return `${format(whole, { language: engine, expressionWidth: 110, indentStyle: 'tabularLeft' }).replace(/ +$/gm, '')};`;
}

const dialectFor = (engine: Engine) =>
  dialectOf({ options: { type: engine === 'sqlite' ? 'better-sqlite3' : 'mariadb' } } as never);
