import type { Answer } from '../import/originals/transport';
import {
  Difference,
  EMPLOYEE,
  Extent,
  Ignored,
  isRow,
  isSame,
  listDifferences,
  Row,
  rowDifferences,
  RowKind,
  TAG,
} from './rows';

/** Lists that stand in a page beside its rows (CONTRACT 2.3). */
const OTHER_LISTS: Readonly<Record<string, RowKind>> = { tag: TAG, employee: EMPLOYEE };
const TOTALS = ['total_records', 'total', 'count'];
/** URLs of pages, which differ by host. */
const PAGE_URL = /^path$|_url$/;

/** Two systems' answers to one question. */
export interface Both {
  theirs: Answer;
  ours: Answer;
  /** The systems' base URLs. */
  bases: { theirs: string; ours: string };
}

/** What differs between two answers. @param kind of the rows, or the one row, that they carry */
export function* answerDifferences(
  kind: RowKind,
  { theirs, ours, bases }: Both,
  ignored: Ignored,
): Generator<Difference> {
  if (theirs.status !== ours.status) yield { kind: 'status', theirs: theirs.status, ours: ours.status };
  if (!isRow(theirs.json) || !isRow(ours.json)) {
    const what = ({ json }: Answer) => (isRow(json) ? 'an envelope' : 'no envelope');
    yield { kind: 'envelope', theirs: what(theirs), ours: what(ours) }; // also when neither has one: nothing was compared
    return;
  }
  const payload = 'data' in theirs.json ? 'data' : 'result';
  const [envelope, own] = [theirs.json, ours.json].map((json) => ({ ...json, [payload]: '…' })) as [Row, Row];
  for (const name of Object.keys({ ...envelope, ...own })) {
    const isDifferent = !ignored(name) && !isSame(envelope[name], own[name]);
    if (isDifferent) yield { kind: 'envelope', field: name, theirs: envelope[name], ours: own[name] };
  }
  yield* payloadDifferences(kind, theirs.json[payload], ours.json[payload], bases, ignored);
}

function* payloadDifferences(
  kind: RowKind,
  theirs: unknown,
  ours: unknown,
  bases: Both['bases'],
  ignored: Ignored,
): Generator<Difference> {
  if (isPage(theirs) && isPage(ours)) {
    const total = TOTALS.find((name) => !ignored(name) && !isSame(theirs[name], ours[name]));
    // Numbers and URLs of pages differ with the total, which says nothing more.
    if (total) yield { kind: 'total', field: total, theirs: theirs[total], ours: ours[total] };
    else yield* aroundDifferences(theirs, ours, bases, ignored);
    const ofPage: Extent = total ? 'shifted' : 'page';
    const extent = isWhole(theirs) && isWhole(ours) ? 'whole' : ofPage;
    yield* listDifferences(kind, theirs.data, ours.data, ignored, extent);
    for (const [name, other] of Object.entries(OTHER_LISTS)) {
      const [a, b] = [theirs[name], ours[name]];
      if (Array.isArray(a) && Array.isArray(b)) yield* listDifferences(other, a as Row[], b as Row[], ignored);
    }
  } else if (isRow(theirs) && isRow(ours)) yield* rowDifferences(kind, theirs, ours, ignored);
  else if (!isSame(theirs, ours)) yield { kind: 'envelope', field: 'what it carries', theirs, ours };
}

type Page = Row & { data: Row[] };

const isPage = (value: unknown): value is Page => isRow(value) && Array.isArray(value.data);

/** Whether a page has every row that was asked for, as one without a total does. */
const isWhole = (page: Page): boolean =>
  TOTALS.every((name) => page[name] === undefined || page.data.length >= Number(page[name]));

/** What stands around the rows. */
function* aroundDifferences(theirs: Page, ours: Page, bases: Both['bases'], ignored: Ignored): Generator<Difference> {
  const plain = (page: Page, base: string) =>
    Object.fromEntries(
      Object.entries(page)
        .filter(([name]) => name !== 'data' && !(name in OTHER_LISTS && Array.isArray(page[name])))
        .map(([name, value]) => [name, PAGE_URL.test(name) ? urlWithin(base, value) : value]),
    );
  const page: RowKind = { name: 'page', key: [] };
  yield* rowDifferences(page, plain(theirs, bases.theirs), plain(ours, bases.ours), ignored);
}

/** A URL's path below the base, and its query in one order. */
function urlWithin(base: string, value: unknown): unknown {
  if (typeof value !== 'string' || !URL.canParse(value)) return value;
  const { pathname, searchParams } = new URL(value);
  const prefix = new URL(base).pathname.replace(/\/$/, '');
  const path = pathname.startsWith(`${prefix}/`) ? pathname.slice(prefix.length) : pathname;
  const query = [...searchParams].map(([name, text]) => `${name}=${text}`).sort();
  return query.length > 0 ? `${path}?${query.join('&')}` : path;
}
