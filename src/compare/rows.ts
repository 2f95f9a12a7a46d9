/** What two answers say differently. */
export interface Difference {
  kind:
    'status' | 'envelope' | 'total' | 'missing row' | 'additional row' | 'field differs' | 'order of fields' | 'order';
  /** What it is about: a kind of rows, or the page around them. */
  about?: string;
  /** Dotted within a row: `has_one_customer.name`. */
  field?: string;
  /** The row, by its key. */
  row?: string;
  theirs?: unknown;
  ours?: unknown;
}

export type Row = Record<string, unknown>;

/** A kind of rows: how it is called, and by what one is told from another. */
export interface RowKind {
  name: string;
  key: readonly string[];
}

export const RELATION: RowKind = { name: 'relation', key: ['user_id', 'customer_id'] };
export const CUSTOMER: RowKind = { name: 'customer', key: ['customer_id'] };
export const FOLLOW: RowKind = { name: 'follow', key: ['userid', 'external_userid'] };
export const TAG: RowKind = { name: 'tag', key: ['tag_id'] };
export const EMPLOYEE: RowKind = { name: 'employee', key: ['user_id'] };

export const keyOf = ({ key }: RowKind, row: Row): string =>
  key.map((field) => `${field} ${String(row[field])}`).join(', ');

/** Whether the operator does not want a field to be compared: by its dotted or its last name. */
export type Ignored = (field: string) => boolean;

/**
 * How much of what was asked for two lists are: `whole`, so that a row of one alone is missing or additional; a `page`,
 * so that such a row stands on another one; or a `shifted` page, as of lists whose totals differ, where that says nothing.
 */
export type Extent = 'whole' | 'page' | 'shifted';

/** What differs between two lists: rows, their fields, and the order of those that both have. */
export function* listDifferences(
  kind: RowKind,
  theirs: Row[],
  ours: Row[],
  ignored: Ignored,
  extent: Extent = 'whole',
): Generator<Difference> {
  const left = new Map(ours.map((row) => [keyOf(kind, row), row]));
  const common: string[] = [];
  for (const row of theirs) {
    const key = keyOf(kind, row);
    const own = left.get(key);
    if (!own) {
      if (extent === 'whole') yield { kind: 'missing row', about: kind.name, row: key, theirs: row };
      continue;
    }
    left.delete(key);
    common.push(key);
    yield* rowDifferences(kind, row, own, ignored);
  }
  if (extent === 'whole') {
    for (const [key, row] of left) yield { kind: 'additional row', about: kind.name, row: key, ours: row };
  }
  const inBoth = new Set(common);
  const ordered = (rows: Row[]) =>
    rows.map((row) => keyOf(kind, row)).filter((key) => extent === 'page' || inBoth.has(key));
  yield* orderDifference(kind, ordered(theirs), ordered(ours));
}

/** The first place where two lists of keys differ. */
function* orderDifference({ name }: RowKind, theirs: string[], ours: string[]): Generator<Difference> {
  const longer = theirs.length < ours.length ? ours : theirs;
  const place = longer.findIndex((_, index) => theirs[index] !== ours[index]);
  if (place < 0) return;
  yield { kind: 'order', about: name, row: theirs[place] ?? ours[place], theirs: theirs[place], ours: ours[place] };
}

/** What differs between two rows of one key. */
export function* rowDifferences(kind: RowKind, theirs: Row, ours: Row, ignored: Ignored): Generator<Difference> {
  const row = keyOf(kind, theirs);
  for (const difference of fieldDifferences(theirs, ours, '', ignored)) yield { about: kind.name, row, ...difference };
}

function* fieldDifferences(theirs: Row, ours: Row, within: string, ignored: Ignored): Generator<Difference> {
  const names = new Set([...Object.keys(theirs), ...Object.keys(ours)]);
  let hasSameFields = true;
  for (const name of names) {
    const field = within + name;
    if (ignored(field)) continue;
    const [a, b] = [theirs[name], ours[name]];
    if (isRow(a) && isRow(b)) yield* fieldDifferences(a, b, `${field}.`, ignored);
    else if (!isSame(a, b)) yield { kind: 'field differs', field, theirs: a, ours: b };
    hasSameFields &&= name in theirs && name in ours;
  }
  const [a, b] = [theirs, ours].map((row) =>
    Object.keys(row)
      .filter((name) => !ignored(within + name))
      .join(' '),
  );
  if (hasSameFields && a !== b) yield { kind: 'order of fields', field: within.slice(0, -1), theirs: a, ours: b };
}

export function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether two values would be the same JSON: a number is no text. */
export const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
