import type { SqlValue } from '../../database/sql';
import {
  ALL_PERIODS,
  ownerSubset,
  PERIOD_SECONDS,
  periodSubset,
  SubsetRange,
  tagSubset,
  UNBOUND_SUBSET,
  UNTAGGED_SUBSET,
} from '../search-index/counters';
import { SearchedText, searchTerms, termsAreExact, UNTAGGED } from '../search-index/terms';
import type { ResolvedFilter } from './filter';

/*
 * Decides what getList reads for a filter; page-sql.ts and total-sql.ts only write the SQL. ListService asks in order:
 *   planTotal     how the matching follows are counted
 *   planPage      by that total, where reading starts, and what is checked for each follow
 *   narrowingFor  which bounds the counters can add, and `narrow` adds them
 * The engine does not choose the index: MariaDB picks a wrong one for some combinations (193 ms instead of 2 at a
 * million follows). sql/ has the SQL of some forty filters.
 */

/** An index of wechat_follow; its comment on the entity says what the list reads through it. */
type FollowIndex =
  'ix_follow_scan' | 'ix_follow_dim' | 'ix_follow_owner' | 'ix_follow_member' | 'ix_follow_time' | 'ix_follow_contact';

/**
 * An entry of a follow with one of these keys: a tag in the link table, or a term of its texts. The entries of one key
 * are sorted by follow id, which is list order; those of several keys are not.
 */
export interface Entry {
  table: 'tag' | 'term';
  keys: number[];
}

/** A condition on a column of wechat_follow. */
export type ColumnCondition =
  { column: string; is: '=' | '<=' | '>='; value: SqlValue } | { column: string; is: 'in'; values: SqlValue[] };

/** A text to compare, because terms cover only part of it. */
export interface Comparison {
  of: SearchedText;
  text: string;
}

/** One way to find matching follows. A plan is a union of lookups: it has several when a filter says "or". */
export interface Lookup {
  /** Where reading starts: an index of wechat_follow, or entries, all of which a follow must have. */
  start: FollowIndex | Entry[];
  /** Entries checked for each follow read: it must have all of them. */
  has: Entry[];
  /** Tags checked for each follow read: it must have none of them. */
  hasNoTag: number[];
  columns: ColumnCondition[];
  comparisons: Comparison[];
}

/**
 * `in list order`: by descending id, until the page is full.
 * `side by side`: all matching follows, through the index that has them next to each other, to be sorted or counted.
 * A selective index, such as the one by time for a short range, serves both: so few follows are sorted soon enough.
 */
export type Reading = 'in list order' | 'side by side';

/** Up to this many follows are read side by side and sorted; with more, reading in list order soon fills the page. */
const RARE = 3000;

/** From this many tags on, most follows have one, so checking follows in list order fills a page soonest. */
const MANY_TAGS = 8;

/** Up to two months are read from the index by time; a longer range is dense enough to be read in list order. */
const SHORT_RANGE_SECONDS = 62 * 24 * 3600;

/** Bounds the tables joined at the start, as MariaDB joins at most 61; the other entries are checked per follow. */
const MAX_START_ENTRIES = 6;

/** @param total how many follows match */
export function planPage(filter: ResolvedFilter, total: number): Lookup[] {
  return planOf(filter, total <= RARE ? 'side by side' : 'in list order');
}

/** @returns no lookup when no follow can match */
export function planOf(filter: ResolvedFilter, reading: Reading): Lookup[] {
  return alternativesOf(filter, reading).map((alternative) => lookupOf(filter, alternative, reading));
}

/** What a filter by tags and texts requires; a follow matches when one of the alternatives holds. */
interface Alternative {
  entries: Entry[];
  hasNoTag: number[];
  comparisons: Comparison[];
  externalUserid?: string;
}

function alternativesOf(filter: ResolvedFilter, reading: Reading): Alternative[] {
  const { remark, customer, externalUserid } = filter;
  let alternatives = tagAlternatives(filter, reading);
  if (remark !== undefined) alternatives = alternatives.map((each) => withText(each, 'remark', remark));
  if (customer === undefined) return alternatives;
  const byName = alternatives.map((each) => withText(each, 'customer', customer));
  return externalUserid === undefined
    ? byName
    : [...byName, ...alternatives.map((each) => ({ ...each, externalUserid }))];
}

function tagAlternatives(filter: ResolvedFilter, reading: Reading): Alternative[] {
  const { tags } = filter;
  const having = (...entries: Entry[]): Alternative => ({ entries, hasNoTag: [], comparisons: [] });
  if (tags.untagged) return [having({ table: 'term', keys: [UNTAGGED] })];
  if (tags.noneOf) return [{ ...having(), hasNoTag: tags.noneOf }];
  if (tags.allOf) return [having(...tags.allOf.map(tagEntry))];
  if (!tags.anyOf) return [having()];
  // In list order a few tags are a lookup each, as the follows of one tag come sorted; an index would be read for each.
  const isLookupEach = reading === 'in list order' && tags.anyOf.length < MANY_TAGS && !selectiveIndex(filter);
  if (isLookupEach || tags.anyOf.length < 2) return tags.anyOf.map((tag) => having(tagEntry(tag)));
  return [having({ table: 'tag', keys: tags.anyOf })];
}

const tagEntry = (tag: number): Entry => ({ table: 'tag', keys: [tag] });

function withText(alternative: Alternative, of: SearchedText, text: string): Alternative {
  const terms = searchTerms(of, text).map((term): Entry => ({ table: 'term', keys: [term] }));
  const comparisons = termsAreExact(text) ? [] : [{ of, text }];
  return {
    ...alternative,
    entries: [...alternative.entries, ...terms],
    comparisons: [...alternative.comparisons, ...comparisons],
  };
}

/** Starts at a selective index, else at the entries, else at the index that suits the reading. */
function lookupOf(filter: ResolvedFilter, alternative: Alternative, reading: Reading): Lookup {
  const { externalUserid, hasNoTag, comparisons } = alternative;
  const columns = columnsOf(filter, externalUserid);
  // Entries of one key come first: they cost less to look up and match fewer follows.
  const entries = alternative.entries.toSorted((a, b) => a.keys.length - b.keys.length);
  const index = selectiveIndex(filter, externalUserid);
  if (index) return { start: index, has: entries, hasNoTag, columns, comparisons };
  const canStart = entries.filter(({ keys }) => reading === 'side by side' || keys.length === 1);
  if (canStart.length > 0) {
    const start = canStart.slice(0, MAX_START_ENTRIES);
    return { start, has: entries.filter((entry) => !start.includes(entry)), hasNoTag, columns, comparisons };
  }
  const start = reading === 'in list order' ? 'ix_follow_scan' : sideBySideIndex(filter);
  return { start, has: entries, hasNoTag, columns, comparisons };
}

/** The index that finds fewer follows than any entry, if the filter allows one. */
function selectiveIndex(filter: ResolvedFilter, externalUserid?: string): FollowIndex | undefined {
  const { owner, member, from, to, remark, customer } = filter;
  if (externalUserid !== undefined) return 'ix_follow_contact';
  if (owner !== undefined) return 'ix_follow_owner';
  if (member) return 'ix_follow_member'; // not 0: most contacts have no member
  if (remark !== undefined || customer !== undefined) return undefined; // a text matches fewer follows than a range
  const isShort = from !== undefined && (to ?? Infinity) - from <= SHORT_RANGE_SECONDS;
  return isShort ? 'ix_follow_time' : undefined;
}

/** The index that has the follows with the filter's column values next to each other. */
function sideBySideIndex({ from, to, member, status, addWay, externalType }: ResolvedFilter): FollowIndex {
  const isTimed = from !== undefined || to !== undefined;
  // Only ix_follow_scan has both member and time: the rows themselves need not be read.
  if (member !== undefined) return isTimed ? 'ix_follow_scan' : 'ix_follow_member';
  if (isTimed) return 'ix_follow_time';
  return (status ?? addWay ?? externalType) === undefined ? 'ix_follow_scan' : 'ix_follow_dim';
}

function columnsOf(filter: ResolvedFilter, externalUserid: string | undefined): ColumnCondition[] {
  const { addWay, owner, externalType, status, member, from, to } = filter;
  const conditions: [column: string, is: '=' | '<=' | '>=', value: SqlValue | undefined][] = [
    ['add_way', '=', addWay],
    ['userid', '=', owner],
    ['external_type', '=', externalType],
    ['status', '=', status],
    ['customer_uid', '=', member],
    ['createtime', '>=', from],
    ['createtime', '<=', to],
    ['external_userid', '=', externalUserid],
  ];
  return conditions.flatMap(([column, is, value]) => (value === undefined ? [] : { column, is, value }));
}

/** Bounds known from the counters: with them a lookup skips follows that cannot match. */
export interface Narrowing {
  /** The highest id that a follow up to the filter's `to` can have. */
  newestId?: number;
  /** The statuses and ways of adding that occur; no ways where they cannot be named. */
  occurring?: { statuses: number[]; addWays: string[] };
}

/** Which parts of a {@link Narrowing} make a plan faster. */
export function narrowingFor(plan: Lookup[], { to }: ResolvedFilter): Record<keyof Narrowing, boolean> {
  const startsAt = (index: FollowIndex) => plan.some(({ start }) => start === index);
  return { newestId: to !== undefined && startsAt('ix_follow_scan'), occurring: startsAt('ix_follow_dim') };
}

/** Adds the bounds to the lookups that start at the index they help. */
export function narrow(plan: Lookup[], { newestId, occurring }: Narrowing): Lookup[] {
  const { statuses = [], addWays = [] } = occurring ?? {};
  return plan.map((lookup) => {
    const columns = [...lookup.columns];
    // Without it, a range that ended long ago is preceded by all newer follows: 300,000 for the year before last.
    if (lookup.start === 'ix_follow_scan' && newestId !== undefined) {
      columns.push({ column: 'id', is: '<=', value: newestId });
    }
    // The index is by status, way of adding and type. A filter by a later column alone can seek in it once all values
    // of the columns before are named. Both lists are empty if the last match was deleted after the total was counted.
    if (lookup.start === 'ix_follow_dim' && statuses.length > 0) {
      columns.push({ column: 'status', is: 'in', values: statuses });
    }
    if (lookup.start === 'ix_follow_dim' && addWays.length > 0) {
      columns.push({ column: 'add_way', is: 'in', values: addWays });
    }
    return { ...lookup, columns };
  });
}

const only = (subset: string): SubsetRange => ({ first: subset, last: subset });

/** A summand of a total. The filter's status, way of adding and type apply to each, as counters are kept by them. */
export interface Summand {
  /** Subtracted: follows without some tags are all follows minus those with one of them. */
  isNegative?: boolean;
  /** Counters; follows in a time range; or follows found by lookups. */
  of: { counters: SubsetRange } | { follows: { from?: number; to?: number } } | { lookups: Lookup[] };
}

/**
 * How matching follows are counted: from the counters where they cover the filter, because counting 600,000 follows
 * takes 100 ms and adding up their counters 1 ms.
 */
export function planTotal(filter: ResolvedFilter): Summand[] {
  const { noneOf } = filter.tags;
  if (noneOf && noneOf.length > 0) {
    const tagged = planTotal({ ...filter, tags: { anyOf: noneOf } });
    return [...planTotal({ ...filter, tags: {} }), ...tagged.map((summand) => ({ ...summand, isNegative: true }))];
  }
  const { remark, customer, owner, member, from, to, tags } = filter;
  const byTag = tags.untagged ?? tags.anyOf ?? tags.allOf;
  const byTime = from ?? to;
  // A follow is counted once for its period, once for its owner and so on: no counter knows two of these together.
  const given = [remark, customer, owner, member, byTag, byTime].filter((value) => value !== undefined).length;
  if (given === 1 && byTime !== undefined) return timedTotal(filter);
  const subset = given > 1 ? undefined : subsetOf(filter);
  return [{ of: subset ? { counters: subset } : { lookups: planOf(filter, 'side by side') } }];
}

/** The counters for a filter by owner, member, tag or none of them, if there are any. */
function subsetOf({ owner, member, remark, customer, tags }: ResolvedFilter): SubsetRange | undefined {
  if (remark !== undefined || customer !== undefined) return undefined;
  if (owner !== undefined) return only(ownerSubset(owner));
  if (member !== undefined) return member === 0 ? only(UNBOUND_SUBSET) : undefined;
  if (tags.untagged) return only(UNTAGGED_SUBSET);
  const [tag, ...others] = tags.anyOf ?? tags.allOf ?? [];
  if (tag !== undefined) return others.length === 0 ? only(tagSubset(tag)) : undefined;
  return tags.anyOf ? undefined : ALL_PERIODS;
}

/** Whole periods from the counters, plus the follows before and after them. */
function timedTotal({ from, to }: ResolvedFilter): Summand[] {
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
