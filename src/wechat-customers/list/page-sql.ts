import { containsSql } from '../../database/contains';
import type { Dialect } from '../../database/dialect';
import type { Statement } from '../../database/sql';
import { limitValues, Where } from '../../database/where';
import type { Tenant } from '../../enterprise/tenant';
import { SearchedText, searchTerms, termsAreExact, UNTAGGED } from '../search-index/terms';

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
  /** No relation of the filter's time range has a higher id. */
  newestId?: number;
  /** Which statuses and ways of adding the relations that pass have. */
  occurring?: { statuses: number[]; addWays: string[] };
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

/** Terms beyond these are looked up for the relations that have the others: a join has at most 61 tables on MariaDB. */
const MAX_JOINED = 6;

/** From this number of tags on most relations wear one: trying them in list order finds a page sooner than tag by tag. */
const MANY_TAGS = 8;
/** A time range up to this length is read from its index; a longer one is dense enough to be met in list order. */
const SHORT_RANGE_SECONDS = 62 * 24 * 3600;

/** Up to so many terms are looked up one by one; for more, all terms of the relation are read, about a dozen. */
const FEW_TERMS = 6;

/**
 * The relations of an enterprise that pass a filter, as SQL for their ids: rows are fetched only when the page is known.
 * Which index is read is decided here, since MariaDB guesses wrong on combinations (193 ms, not 2, at a million rows).
 */
export class FollowQuery {
  constructor(
    private readonly dialect: Dialect,
    private readonly tenant: Tenant,
    private readonly filter: FollowFilter,
    private readonly keys: FilterKeys,
  ) {}

  /**
   * One page, id descending. Of several alternatives each gives as many as the page may need: each is in order by itself.
   * @param isRare whether so few relations pass that reading and sorting all of them beats meeting them in list order
   */
  pageIds(limit: number, offset: number, isRare: boolean): Statement {
    const inOrder = 'ORDER BY id DESC LIMIT ? OFFSET ?';
    const selects = isRare ? this.all() : this.inListOrder();
    const page = limitValues(limit, offset);
    const [only, ...others] = selects;
    if (!only) return NOTHING;
    if (others.length === 0) return { sql: `${only.sql} ${inOrder}`, values: [...only.values, ...page] };
    const firstOfEach = selects.map(({ sql }, n) => `SELECT id FROM (${sql} ${inOrder}) AS alternative_${n}`);
    return {
      sql: `${firstOfEach.join(' UNION ')} ${inOrder}`,
      values: [...selects.flatMap(({ values }) => [...values, ...limitValues(limit + offset, 0)]), ...page],
    };
  }

  /** Counts them all, in the column `total`. */
  total(): Statement {
    const selects = this.all();
    const ids = selects.map(({ sql }) => sql).join(' UNION ') || NOTHING.sql;
    return { sql: `SELECT COUNT(*) AS total FROM (${ids}) AS found`, values: selects.flatMap(({ values }) => values) };
  }

  /** Whether a page begins with this index: `keys.newestId` narrows ix_follow_scan, `keys.occurring` ix_follow_dim. */
  readsFrom(index: string, isRare: boolean): boolean {
    const selects = isRare ? this.all() : this.inListOrder();
    return selects.some(({ sql }) => sql.includes(index));
  }

  /** Every relation that passes, in whatever order: read where they stand side by side. */
  private all(): Statement[] {
    return toAlternatives(this.filter, this.keys, 2).map((alternative) => {
      const index = this.selectiveIndex(alternative);
      const { anyOf } = alternative;
      const terms = [...(anyOf.length > 0 ? [anyOf] : []), ...alternative.terms.map(just)];
      if (!index && terms.length > 0) return this.fromTerms(terms, { ...alternative, anyOf: [] });
      return this.fromFollows(index ?? this.sideBySideIndex(), alternative);
    });
  }

  /** Relations that come from their index in the order of the list, so that a page needs no more of them than it shows. */
  private inListOrder(): Statement[] {
    return toAlternatives(this.filter, this.keys, MANY_TAGS).map((alternative) => {
      const index = this.selectiveIndex(alternative);
      if (!index && alternative.terms.length > 0) return this.fromTerms(alternative.terms.map(just), alternative);
      return this.fromFollows(index ?? 'ix_follow_scan', alternative);
    });
  }

  /** The index of wechat_follow that finds fewer rows than any term, if there is one. */
  private selectiveIndex({ contactPk }: Alternative): string | undefined {
    const { owner, member, from, to, remark, customer } = this.filter;
    if (contactPk !== undefined) return 'ix_follow_customer';
    if (owner !== undefined) return 'ix_follow_owner';
    if (member) return 'ix_follow_member';
    if (remark !== undefined || customer !== undefined) return undefined;
    const isShort = from !== undefined && (to ?? Infinity) - from <= SHORT_RANGE_SECONDS;
    return isShort ? 'ix_follow_time' : undefined;
  }

  /** The index that has the relations of the filter's columns side by side; in list order where that is all of them. */
  private sideBySideIndex(): string {
    const { from, to, member, status, addWay, externalType } = this.filter;
    const isTimed = from !== undefined || to !== undefined;
    if (member !== undefined) return isTimed ? 'ix_follow_scan' : 'ix_follow_member';
    if (isTimed) return 'ix_follow_time';
    return (status ?? addWay ?? externalType) === undefined ? 'ix_follow_scan' : 'ix_follow_dim';
  }

  private fromFollows(index: string, alternative: Alternative): Statement {
    const where = new Where();
    this.addColumns(where);
    // A range that begins there: newer relations are not even passed over, 300,000 for the last year but one.
    if (this.keys.newestId !== undefined) where.and('wechat_follow.id <= ?', this.keys.newestId);
    if (index === 'ix_follow_dim') this.addOccurring(where);
    if (alternative.contactPk !== undefined) where.and('wechat_follow.customer_pk = ?', alternative.contactPk);
    for (const term of alternative.terms) this.addWorn(where, 'wechat_follow.id', [term], '= 1');
    return this.select('wechat_follow.id', `wechat_follow ${this.dialect.useIndex(index)}`, where, alternative);
  }

  /** Relations with a term of each group; their rows are looked up only where a column of theirs is asked for. */
  private fromTerms(groups: number[][], alternative: Alternative): Statement {
    const { uniacid, enterpriseId } = this.tenant;
    const where = new Where();
    const tables = groups.slice(0, MAX_JOINED).map((terms, n) => {
      const term = `term_${n}`;
      where.and(
        `${term}.uniacid = ? AND ${term}.crop_id = ? AND ${term}.term IN (${placeholders(terms)})`,
        uniacid,
        enterpriseId,
        ...terms,
      );
      return n === 0
        ? `wechat_follow_term ${term}`
        : `wechat_follow_term ${term} ON ${term}.follow_id = term_0.follow_id`;
    });
    let from = tables.join(' JOIN ');
    if (alternative.compare.length > 0 || this.hasColumns()) {
      this.addColumns(where);
      from += ` ${this.dialect.joinInOrder} wechat_follow ON wechat_follow.id = term_0.follow_id`;
    }
    for (const terms of groups.slice(MAX_JOINED)) this.addWorn(where, 'term_0.follow_id', terms, '= 1');
    const mayRepeat = groups.some((terms) => terms.length > 1);
    return this.select(`${mayRepeat ? 'DISTINCT ' : ''}term_0.follow_id`, from, where, alternative);
  }

  private select(id: string, from: string, where: Where, { anyOf, noneOf, compare }: Alternative): Statement {
    if (anyOf.length > 0) this.addWorn(where, id, anyOf, '= 1');
    if (noneOf.length > 0) this.addWorn(where, id, noneOf, 'IS NULL');
    for (const { column, text } of compare) where.and(containsSql(column), text);
    const isNameCompared = compare.some(({ column }) => column === CUSTOMER_NAME);
    const customer = isNameCompared ? 'JOIN wechat_customer ON wechat_customer.id = wechat_follow.customer_pk' : '';
    return { sql: `SELECT ${id} AS id FROM ${from} ${customer} ${where.sql}`, values: where.values };
  }

  /**
   * Whether a relation has one of the terms, looked up for each relation met. Not with EXISTS, which MariaDB would turn into
   * reading all relations of the terms first; nor with COALESCE around the looks, of which prepared statements of MariaDB
   * 10.11 take two for the same when only the bound values differ.
   */
  private addWorn(where: Where, id: string, terms: number[], is: '= 1' | 'IS NULL'): void {
    const { uniacid, enterpriseId } = this.tenant;
    const look = (wanted: number[], index = '') =>
      `(SELECT 1 FROM wechat_follow_term worn ${index} WHERE worn.uniacid = ? AND worn.crop_id = ?
        AND worn.term IN (${placeholders(wanted)}) AND worn.follow_id = ${id} LIMIT 1) ${is}`;
    if (terms.length > FEW_TERMS) {
      where.and(look(terms, this.dialect.useIndex('ix_follow_term_follow')), uniacid, enterpriseId, ...terms);
    } else {
      const looks = terms.map((term) => look([term]));
      where.and(
        `(${looks.join(is === '= 1' ? ' OR ' : ' AND ')})`,
        ...terms.flatMap((term) => [uniacid, enterpriseId, term]),
      );
    }
  }

  /** Names the values of the columns that come first in ix_follow_dim, so that it is read only where relations pass. */
  private addOccurring(where: Where): void {
    const { statuses = [], addWays = [] } = this.keys.occurring ?? {};
    // None, when the last relation went after it was counted.
    if (statuses.length > 0) where.and(`wechat_follow.status IN (${placeholders(statuses)})`, ...statuses);
    if (addWays.length > 0) where.and(`wechat_follow.add_way IN (${placeholders(addWays)})`, ...addWays);
  }

  private hasColumns(): boolean {
    const { addWay, owner, externalType, status, member, from, to } = this.filter;
    return [addWay, owner, externalType, status, member, from, to].some((given) => given !== undefined);
  }

  private addColumns(where: Where): void {
    const { uniacid, enterpriseId } = this.tenant;
    const { addWay, owner, externalType, status, member, from, to } = this.filter;
    where.and('wechat_follow.uniacid = ? AND wechat_follow.crop_id = ?', uniacid, enterpriseId);
    where.and('wechat_follow.deleted_at IS NULL');
    if (addWay !== undefined) where.and('wechat_follow.add_way = ?', String(addWay));
    if (owner !== undefined) where.and('wechat_follow.userid = ?', owner);
    if (externalType !== undefined) where.and('wechat_follow.external_type = ?', externalType);
    if (status !== undefined) where.and('wechat_follow.status = ?', status);
    if (member !== undefined) where.and('wechat_follow.customer_uid = ?', member);
    if (from !== undefined) where.and('wechat_follow.createtime >= ?', from);
    if (to !== undefined) where.and('wechat_follow.createtime <= ?', to);
  }
}

const just = (term: number) => [term];
const placeholders = (values: unknown[]) => values.map(() => '?').join(', ');

const NOTHING: Statement = { sql: 'SELECT id FROM wechat_follow WHERE 1 = 0', values: [] };
const REMARK = 'wechat_follow.remark';
const CUSTOMER_NAME = 'wechat_customer.name';

/**
 * A relation passes when it passes one of these; there is none when the filter names a tag that the enterprise has not.
 * @param together from how many tags on any of them is one alternative
 */
function toAlternatives(filter: FollowFilter, { tagPks, contactPk }: FilterKeys, together: number): Alternative[] {
  const { remark, customer } = filter;
  let found = tagAlternatives(filter, tagPks, together);
  if (remark !== undefined) found = found.map((each) => withText(each, 'remark', REMARK, remark));
  if (customer === undefined) return found;
  const byName = found.map((each) => withText(each, 'customer', CUSTOMER_NAME, customer));
  return contactPk === undefined ? byName : [...byName, ...found.map((each) => ({ ...each, contactPk }))];
}

function tagAlternatives(
  { tagIds, tagsMode }: FollowFilter,
  tagPks: ReadonlyMap<string, number>,
  together: number,
): Alternative[] {
  const all: Alternative = { terms: [], anyOf: [], noneOf: [], compare: [] };
  const pks = tagIds.flatMap((tagId) => tagPks.get(tagId) ?? []);
  if (tagsMode === 'none') return [{ ...all, terms: [UNTAGGED] }];
  if (tagIds.length === 0) return [all];
  if (tagsMode === 'exclude') return [{ ...all, noneOf: pks }];
  if (tagsMode === 'all') return pks.length === tagIds.length ? [{ ...all, terms: pks }] : [];
  if (pks.length >= together) return [{ ...all, anyOf: pks }];
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
