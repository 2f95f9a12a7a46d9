import { containsSql } from '../database/contains';
import type { Dialect } from '../database/dialect';
import type { Statement } from '../database/sql-reader';
import { limitValues, Where } from '../database/where';
import type { Tenant } from '../enterprise/enterprise.service';
import { SearchedText, searchTerms, termsAreExact, UNTAGGED } from './index/terms';

/** How `tagIds` narrow the list: any of them, all of them, none of them, or only relations without a tag. */
export type TagsMode = 'any' | 'all' | 'exclude' | 'none';

/** The filters of getList (CONTRACT 2.3); all that are given hold at once. */
export interface FollowFilter {
  /** Contained in the customer's name, or equal to external_userid. */
  customer?: string;
  /** The customer's uid. */
  member?: number;
  addWay?: number;
  tagIds: string[];
  tagsMode: TagsMode;
  /** The staff member's userid. */
  owner?: string;
  externalType?: number;
  status?: number;
  /** Unix seconds, inclusive. */
  from?: number;
  /** Unix seconds, inclusive. */
  to?: number;
  remark?: string;
}

/** What a filter's words stand for in the enterprise. */
export interface FilterKeys {
  /** Keys of all its tags by their WeCom id. */
  tagPks: ReadonlyMap<string, number>;
  /** The customer whose external_userid is `filter.customer`. */
  contactPk?: number;
}

/** Relations that have all of `terms`, any of `anyOf` (unless empty) and none of `noneOf`, and pass the filter's columns. */
interface Alternative {
  terms: number[];
  anyOf: number[];
  noneOf: number[];
  /** Texts of which the terms say only a part. */
  compare: { column: string; text: string }[];
  contactPk?: number;
}

/** From this number of tags on most relations wear one: trying them in list order finds a page sooner than tag by tag. */
const MANY_TAGS = 8;
/** A time range up to this length is read from its index; a longer one is dense enough to be met in list order. */
const SHORT_RANGE_SECONDS = 31 * 24 * 3600;

/**
 * The relations of an enterprise that pass a filter, as SQL for their ids: rows are fetched only when the page is known.
 * Which index is read is decided here, since MariaDB guesses wrong on combinations (193 ms, not 2, at a million rows).
 */
export class FollowQuery {
  private readonly alternatives: Alternative[];

  constructor(
    private readonly dialect: Dialect,
    private readonly tenant: Tenant,
    private readonly filter: FollowFilter,
    keys: FilterKeys,
  ) {
    this.alternatives = toAlternatives(filter, keys);
  }

  /** @param isRare whether so few relations pass that reading and sorting all of them beats meeting them in list order */
  pageIds(limit: number, offset: number, isRare: boolean): Statement {
    const inOrder = 'ORDER BY id DESC LIMIT ? OFFSET ?';
    const selects = this.alternatives.map((alternative) => this.select(alternative, isRare));
    const page = limitValues(limit, offset);
    if (selects.length === 0) return NOTHING;
    if (selects.length === 1) {
      return { sql: `${selects[0]!.sql} ${inOrder}`, values: [...selects[0]!.values, ...page] };
    }
    const upToPage = limitValues(limit + offset, 0);
    const firstOfEach = selects.map(({ sql }, n) => `SELECT id FROM (${sql} ${inOrder}) AS alternative_${n}`);
    return {
      sql: `${firstOfEach.join(' UNION ')} ${inOrder}`,
      values: [...selects.flatMap(({ values }) => [...values, ...upToPage]), ...page],
    };
  }

  /** Counts them, in the column `total`. */
  total(): Statement {
    const selects = this.alternatives.map((alternative) => this.select(alternative, true));
    const ids = selects.map(({ sql }) => sql).join(' UNION ') || NOTHING.sql;
    return { sql: `SELECT COUNT(*) AS total FROM (${ids}) AS found`, values: selects.flatMap(({ values }) => values) };
  }

  private select(alternative: Alternative, isRare: boolean): Statement {
    const index = this.indexFor(alternative, isRare);
    const where = new Where();
    const id = index ? 'wechat_follow.id' : 'term_0.follow_id';
    const from = index ? this.fromFollows(alternative, index, where) : this.fromTerms(alternative, where);
    for (const { column, text } of alternative.compare) where.and(containsSql(column), text);
    this.addTerms(where, 'EXISTS', alternative.anyOf, id);
    this.addTerms(where, 'NOT EXISTS', alternative.noneOf, id);
    const isNameCompared = alternative.compare.some(({ column }) => column === CUSTOMER_NAME);
    const customer = isNameCompared ? 'JOIN wechat_customer ON wechat_customer.id = wechat_follow.customer_pk' : '';
    return { sql: `SELECT ${id} AS id FROM ${from} ${customer} ${where}`, values: where.values };
  }

  /** The index of wechat_follow to begin with; none when the terms find fewer rows. */
  private indexFor({ contactPk, terms }: Alternative, isRare: boolean): string | undefined {
    const { owner, member, from, to, remark, customer } = this.filter;
    if (contactPk !== undefined) return 'ix_follow_customer';
    if (owner !== undefined) return 'ix_follow_owner';
    if (member) return 'ix_follow_member';
    const isText = remark !== undefined || customer !== undefined;
    const isShort = from !== undefined && (to ?? Infinity) - from <= SHORT_RANGE_SECONDS;
    if (isShort && !isText) return 'ix_follow_time';
    if (terms.length > 0) return undefined;
    if (!isRare) return 'ix_follow_scan';
    const isTime = from !== undefined || to !== undefined;
    if (member !== undefined) return isTime ? 'ix_follow_scan' : 'ix_follow_member';
    return isTime ? 'ix_follow_time' : 'ix_follow_dim';
  }

  private fromFollows({ terms, contactPk }: Alternative, index: string, where: Where): string {
    this.addColumns(where);
    if (contactPk !== undefined) where.and('wechat_follow.customer_pk = ?', contactPk);
    for (const term of terms) this.addTerms(where, 'EXISTS', [term], 'wechat_follow.id');
    return `wechat_follow ${this.dialect.useIndex(index)}`;
  }

  /** The relations' rows are looked up only where a column of theirs is asked for. */
  private fromTerms({ terms, compare }: Alternative, where: Where): string {
    const { uniacid, cropId } = this.tenant;
    const tables = terms.map((term, n) => {
      where.and(`term_${n}.uniacid = ? AND term_${n}.crop_id = ? AND term_${n}.term = ?`, uniacid, cropId, term);
      return n === 0
        ? 'wechat_follow_term term_0'
        : `wechat_follow_term term_${n} ON term_${n}.follow_id = term_0.follow_id`;
    });
    const from = tables.join(' JOIN ');
    if (compare.length === 0 && !this.hasColumns()) return from;
    this.addColumns(where);
    return `${from} ${this.dialect.joinInOrder} wechat_follow ON wechat_follow.id = term_0.follow_id`;
  }

  private hasColumns(): boolean {
    const { addWay, owner, externalType, status, member, from, to } = this.filter;
    return [addWay, owner, externalType, status, member, from, to].some((given) => given !== undefined);
  }

  private addColumns(where: Where): void {
    const { uniacid, cropId } = this.tenant;
    const { addWay, owner, externalType, status, member, from, to } = this.filter;
    where.and('wechat_follow.uniacid = ? AND wechat_follow.crop_id = ?', uniacid, cropId);
    where.and('wechat_follow.deleted_at IS NULL');
    if (addWay !== undefined) where.and('wechat_follow.add_way = ?', String(addWay));
    if (owner !== undefined) where.and('wechat_follow.userid = ?', owner);
    if (externalType !== undefined) where.and('wechat_follow.external_type = ?', externalType);
    if (status !== undefined) where.and('wechat_follow.status = ?', status);
    if (member !== undefined) where.and('wechat_follow.customer_uid = ?', member);
    if (from !== undefined) where.and('wechat_follow.createtime >= ?', from);
    if (to !== undefined) where.and('wechat_follow.createtime <= ?', to);
  }

  private addTerms(where: Where, exists: 'EXISTS' | 'NOT EXISTS', terms: number[], id: string): void {
    if (terms.length === 0) return;
    const { uniacid, cropId } = this.tenant;
    where.and(
      `${exists} (SELECT 1 FROM wechat_follow_term worn WHERE worn.uniacid = ? AND worn.crop_id = ?
       AND worn.term IN (${terms.map(() => '?').join(', ')}) AND worn.follow_id = ${id})`,
      uniacid,
      cropId,
      ...terms,
    );
  }
}

const NOTHING: Statement = { sql: 'SELECT id FROM wechat_follow WHERE 1 = 0', values: [] };
const REMARK = 'wechat_follow.remark';
const CUSTOMER_NAME = 'wechat_customer.name';

/** A relation passes when it passes one of these; there is none when the filter names a tag that the enterprise has not. */
function toAlternatives(filter: FollowFilter, { tagPks, contactPk }: FilterKeys): Alternative[] {
  const { remark, customer } = filter;
  let found = tagAlternatives(filter, tagPks);
  if (remark !== undefined) found = found.map((each) => withText(each, 'remark', REMARK, remark));
  if (customer === undefined) return found;
  const byName = found.map((each) => withText(each, 'customer', CUSTOMER_NAME, customer));
  return contactPk === undefined ? byName : [...byName, ...found.map((each) => ({ ...each, contactPk }))];
}

function tagAlternatives({ tagIds, tagsMode }: FollowFilter, tagPks: ReadonlyMap<string, number>): Alternative[] {
  const all: Alternative = { terms: [], anyOf: [], noneOf: [], compare: [] };
  const pks = tagIds.flatMap((tagId) => tagPks.get(tagId) ?? []);
  if (tagsMode === 'none') return [{ ...all, terms: [UNTAGGED] }];
  if (tagIds.length === 0) return [all];
  if (tagsMode === 'exclude') return [{ ...all, noneOf: pks }];
  if (tagsMode === 'all') return pks.length === tagIds.length ? [{ ...all, terms: pks }] : [];
  if (pks.length >= MANY_TAGS) return [{ ...all, anyOf: pks }];
  return pks.map((pk) => ({ ...all, terms: [pk] }));
}

function withText(alternative: Alternative, kind: SearchedText, column: string, text: string): Alternative {
  const { terms, compare } = alternative;
  return {
    ...alternative,
    terms: [...terms, ...searchTerms(kind, text)],
    compare: termsAreExact(text) ? compare : [...compare, { column, text }],
  };
}
