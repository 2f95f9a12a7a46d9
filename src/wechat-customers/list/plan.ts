import type { SqlValue } from '../../database/sql';
import {
  ownerSubset,
  PERIOD_SECONDS,
  periodSubset,
  tagSubset,
  UNBOUND_SUBSET,
  UNTAGGED_SUBSET,
} from '../search-index/counters';
import { SearchedText, searchTerms, termsAreExact, UNTAGGED } from '../search-index/terms';
import type { FollowFilter } from './filter';

/*
 * What getList reads for a filter, decided here and nowhere else. A plan is data: page-sql.ts and total-sql.ts only write it
 * down. The engine is not asked which index is best, since MariaDB guesses wrong on combinations (193 ms in place of 2 at a
 * million follows).
 */

/** An index of wechat_follow; what each one holds stands on the entity. */
type FollowIndex =
  'ix_follow_scan' | 'ix_follow_dim' | 'ix_follow_owner' | 'ix_follow_member' | 'ix_follow_time' | 'ix_follow_customer';

/** A follow has an entry with one of the keys: a tag in the link table, or a term of its texts. */
export interface Entry {
  table: 'tag' | 'term';
  keys: number[];
}

/** A condition on a column of wechat_follow. */
export type ColumnCondition =
  { column: string; is: '=' | '<=' | '>='; value: SqlValue } | { column: string; is: 'in'; values: SqlValue[] };

/** A text that has to be compared, as its terms say only a part of it. */
export interface Comparison {
  of: SearchedText;
  text: string;
}

/** One way to find follows that pass a filter. A plan has several when a filter says "or"; their follows are united. */
export interface Lookup {
  /** Where reading starts: one index of wechat_follow, or the entries that a follow must have, all of them. */
  start: FollowIndex | Entry[];
  /** Entries looked up for each follow that was met. */
  has: Entry[];
  /** Tags looked up for each follow that was met, none of which it may have. */
  hasNoTag: number[];
  columns: ColumnCondition[];
  comparisons: Comparison[];
}

/**
 * `in list order`: follows come by descending id, and reading ends once the page is full.
 * `side by side`: all follows that pass are read where they stand together, to be sorted or counted.
 */
export type Reading = 'in list order' | 'side by side';

/** Up to this many follows are read side by side and sorted; more of them are met soon enough in list order. */
const RARE = 3000;

/** From this many tags on, most follows wear one: trying follows in list order fills a page sooner than going tag by tag. */
const MANY_TAGS = 8;

/** Up to two months of follows are read from the index of time; a longer range is dense enough to be met in list order. */
const SHORT_RANGE_SECONDS = 62 * 24 * 3600;

/** Entries that a lookup starts with; more are looked up per follow, as a join has at most 61 tables on MariaDB. */
const MAX_START_ENTRIES = 6;

export function readingOf(total: number): Reading {
  return total <= RARE ? 'side by side' : 'in list order';
}

/** @returns no lookup when no follow can pass */
export function planOf(filter: FollowFilter, reading: Reading): Lookup[] {
  return alternativesOf(filter, reading).map((alternative) => lookupOf(filter, alternative, reading));
}

/** What a filter asks of a follow's entries and texts; a follow passes when one alternative holds. */
interface Alternative {
  entries: Entry[];
  hasNoTag: number[];
  comparisons: Comparison[];
  contactPk?: number;
}

function alternativesOf(filter: FollowFilter, reading: Reading): Alternative[] {
  const { remark, customer, contactPk } = filter;
  let found = tagAlternatives(filter, reading);
  if (remark !== undefined) found = found.map((alternative) => withText(alternative, 'remark', remark));
  if (customer === undefined) return found;
  const byName = found.map((alternative) => withText(alternative, 'customer', customer));
  return contactPk === undefined ? byName : [...byName, ...found.map((each) => ({ ...each, contactPk }))];
}

function tagAlternatives({ tags }: FollowFilter, reading: Reading): Alternative[] {
  const having = (...entries: Entry[]): Alternative => ({ entries, hasNoTag: [], comparisons: [] });
  if (tags.untagged) return [having({ table: 'term', keys: [UNTAGGED] })];
  if (tags.noneOf) return [{ ...having(), hasNoTag: tags.noneOf }];
  if (tags.allOf) return [having(...tags.allOf.map(wearing))];
  if (!tags.anyOf) return [having()];
  // One alternative for all of them, or one for each tag: in list order each comes sorted by itself.
  const isTogether = tags.anyOf.length >= (reading === 'in list order' ? MANY_TAGS : 2);
  return isTogether ? [having({ table: 'tag', keys: tags.anyOf })] : tags.anyOf.map((tag) => having(wearing(tag)));
}

const wearing = (tag: number): Entry => ({ table: 'tag', keys: [tag] });

function withText(alternative: Alternative, of: SearchedText, text: string): Alternative {
  const terms = searchTerms(of, text).map((term): Entry => ({ table: 'term', keys: [term] }));
  const comparisons = termsAreExact(text) ? [] : [{ of, text }];
  return {
    ...alternative,
    entries: [...alternative.entries, ...terms],
    comparisons: [...alternative.comparisons, ...comparisons],
  };
}

function lookupOf(filter: FollowFilter, alternative: Alternative, reading: Reading): Lookup {
  const { contactPk, hasNoTag, comparisons } = alternative;
  // One key is looked up sooner than many, and passes fewer follows.
  const entries = alternative.entries.toSorted((a, b) => a.keys.length - b.keys.length);
  const columns = columnsOf(filter);
  const index = selectiveIndex(filter, contactPk);
  // Of several tags at once the follows come tag by tag, not in list order.
  const startable = entries.filter(({ keys }) => reading === 'side by side' || keys.length === 1);
  if (!index && startable.length > 0) {
    const start = startable.slice(0, MAX_START_ENTRIES);
    return { start, has: entries.filter((entry) => !start.includes(entry)), hasNoTag, columns, comparisons };
  }
  if (contactPk !== undefined) columns.push({ column: 'customer_pk', is: '=', value: contactPk });
  const start = index ?? (reading === 'in list order' ? 'ix_follow_scan' : sideBySideIndex(filter));
  return { start, has: entries, hasNoTag, columns, comparisons };
}

/** The index that finds fewer follows than any entry does, if there is one. */
function selectiveIndex(filter: FollowFilter, contactPk: number | undefined): FollowIndex | undefined {
  const { owner, member, from, to, remark, customer } = filter;
  if (contactPk !== undefined) return 'ix_follow_customer';
  if (owner !== undefined) return 'ix_follow_owner';
  if (member) return 'ix_follow_member';
  if (remark !== undefined || customer !== undefined) return undefined;
  const isShort = from !== undefined && (to ?? Infinity) - from <= SHORT_RANGE_SECONDS;
  return isShort ? 'ix_follow_time' : undefined;
}

/** The index that has the follows of the filter's columns together. */
function sideBySideIndex({ from, to, member, status, addWay, externalType }: FollowFilter): FollowIndex {
  const isTimed = from !== undefined || to !== undefined;
  if (member !== undefined) return isTimed ? 'ix_follow_scan' : 'ix_follow_member';
  if (isTimed) return 'ix_follow_time';
  return (status ?? addWay ?? externalType) === undefined ? 'ix_follow_scan' : 'ix_follow_dim';
}

function columnsOf(filter: FollowFilter): ColumnCondition[] {
  const { addWay, owner, externalType, status, member, from, to } = filter;
  const conditions: [column: string, is: '=' | '<=' | '>=', value: SqlValue | undefined][] = [
    ['add_way', '=', addWay],
    ['userid', '=', owner],
    ['external_type', '=', externalType],
    ['status', '=', status],
    ['customer_uid', '=', member],
    ['createtime', '>=', from],
    ['createtime', '<=', to],
  ];
  return conditions.flatMap(([column, is, value]) => (value === undefined ? [] : { column, is, value }));
}

/** What the counters know of the follows that pass: it keeps a lookup from passing over those that cannot. */
export interface Narrowing {
  /** No follow up to the filter's `to` has a higher id. */
  newestId?: number;
  /** Which statuses and ways of adding occur. */
  occurring?: { statuses: number[]; addWays: string[] };
}

/** Which parts of a {@link Narrowing} help a plan. */
export function narrowingFor(plan: Lookup[], { to }: FollowFilter): Record<keyof Narrowing, boolean> {
  const startsAt = (index: FollowIndex) => plan.some(({ start }) => start === index);
  return { newestId: to !== undefined && startsAt('ix_follow_scan'), occurring: startsAt('ix_follow_dim') };
}

/** The same plan, which starts where the first follow can be, and reads an index whose first columns are named. */
export function narrow(plan: Lookup[], { newestId, occurring }: Narrowing): Lookup[] {
  const { statuses = [], addWays = [] } = occurring ?? {};
  return plan.map((lookup) => {
    const columns = [...lookup.columns];
    // A range that ends long ago: newer follows, 300,000 for the year before the last, are not even passed over.
    if (lookup.start === 'ix_follow_scan' && newestId !== undefined) {
      columns.push({ column: 'id', is: '<=', value: newestId });
    }
    // Empty when the last follow went between counting and asking.
    if (lookup.start === 'ix_follow_dim' && statuses.length > 0) {
      columns.push({ column: 'status', is: 'in', values: statuses });
    }
    if (lookup.start === 'ix_follow_dim' && addWays.length > 0) {
      columns.push({ column: 'add_way', is: 'in', values: addWays });
    }
    return { ...lookup, columns };
  });
}

/** Subsets of the counters, from the first to the last in the order of their names. */
export interface SubsetRange {
  first: string;
  last: string;
}

export const ALL_PERIODS: SubsetRange = { first: 'period:', last: 'period;' };

const only = (subset: string): SubsetRange => ({ first: subset, last: subset });

/** A summand of a total. Status, way of adding and type hold for each; counters are kept by them. */
export interface Summand {
  /** The summand is taken away: follows without some tags are all but those with one of them. */
  isNegative?: boolean;
  /** Counters, follows of a stretch of time, or follows that have to be found. */
  of: { counters: SubsetRange } | { follows: { from?: number; to?: number } } | { lookups: Lookup[] };
}

/**
 * How the follows that pass are counted: from the counters where these have the filter, as counting 600,000 follows takes
 * 100 ms and adding up counters one.
 */
export function planTotal(filter: FollowFilter): Summand[] {
  const { noneOf } = filter.tags;
  if (noneOf && noneOf.length > 0) {
    const worn = planTotal({ ...filter, tags: { anyOf: noneOf } });
    return [...planTotal({ ...filter, tags: {} }), ...worn.map((summand) => ({ ...summand, isNegative: true }))];
  }
  const { remark, customer, owner, member, from, to, tags } = filter;
  const isTagged = tags.untagged ?? tags.anyOf ?? tags.allOf;
  const isTimed = from ?? to;
  const narrowings = [remark, customer, owner, member, isTagged, isTimed].filter((given) => given !== undefined);
  if (narrowings.length > 1) return [{ of: { lookups: planOf(filter, 'side by side') } }];
  if (isTimed !== undefined) return timedTotal(filter);
  const subset = subsetOf(filter);
  return [{ of: subset ? { counters: subset } : { lookups: planOf(filter, 'side by side') } }];
}

/** The counters of a filter that has one narrowing at most. */
function subsetOf({ owner, member, remark, customer, tags }: FollowFilter): SubsetRange | undefined {
  if (remark !== undefined || customer !== undefined) return undefined;
  if (owner !== undefined) return only(ownerSubset(owner));
  if (member !== undefined) return member === 0 ? only(UNBOUND_SUBSET) : undefined;
  if (tags.untagged) return only(UNTAGGED_SUBSET);
  const [tag, ...others] = tags.anyOf ?? tags.allOf ?? [];
  if (tag !== undefined) return others.length === 0 ? only(tagSubset(tag)) : undefined;
  return tags.anyOf ? undefined : ALL_PERIODS;
}

/** Whole periods from the counters, and the follows before and after them. */
function timedTotal({ from, to }: FollowFilter): Summand[] {
  const first = from === undefined ? undefined : Math.ceil(from / PERIOD_SECONDS);
  const last = to === undefined ? undefined : Math.floor((to + 1) / PERIOD_SECONDS) - 1;
  if (first !== undefined && last !== undefined && first > last) return [{ of: { follows: { from, to } } }];
  const counters = {
    first: first === undefined ? ALL_PERIODS.first : periodSubset(first),
    last: last === undefined ? ALL_PERIODS.last : periodSubset(last),
  };
  const before = first !== undefined && { from, to: first * PERIOD_SECONDS - 1 };
  const after = last !== undefined && { from: (last + 1) * PERIOD_SECONDS, to };
  const edges = [before, after].filter((edge) => edge !== false);
  return [{ of: { counters } }, ...edges.map((follows) => ({ of: { follows } }))];
}
