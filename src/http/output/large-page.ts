import { afterOthers } from '../../base/fair-share';
import { textLength } from '../../base/text-length';
import { Turns } from '../../base/turns';
import { TooManyBytes } from '../../database/errors';
import { Rejected } from './errors';
import { Encoded } from './json';

/** A page of up to this many rows is always answered; the default pages of both families are not longer. */
const SMALL_PAGE = 20;

/** A page of more rows than this is taken for a large one before it is read. */
const LARGE_PAGE = 1_000;

/** Bounds what a page holds in memory, as texts and then as JSON; 10,000 rows may have 800 bytes each. */
const MAX_MEGABYTES = 8;

const MEGABYTE = 1024 * 1024;

/** Large pages take turns, as each may hold several times its bytes while it is read and encoded. */
const large = new Turns({ atOnce: 1, waiting: 200, waitMs: 20_000 });

/** Pages that may turn out to be large hold a megabyte each. */
const middle = new Turns({ atOnce: 8, waiting: 500, waitMs: 10_000 });

/** The rows of a page would make an answer above {@link MAX_MEGABYTES}; never a cut answer. */
export class PageTooLarge extends Rejected {
  /** @param advice what the client can do instead, in Chinese */
  constructor(advice: string) {
    super(`返回的内容超过${MAX_MEGABYTES}MB，请${advice}`);
  }
}

/** How a page is read and encoded. */
export interface PageBounds {
  /** @param rows reads them; `maxLength` bounds their texts in characters, undefined where their number is bound enough */
  read: <Row>(rows: (maxLength?: number) => Promise<Row[]>) => Promise<Row[]>;
  /** Encodes the rows of a reply if they may be long. */
  encode: <Row>(rows: Row[]) => Promise<Row[] | Encoded>;
}

/**
 * Makes a page within bounds. One that turns out to have more than a megabyte is given up and made again in its turn, so
 * that only the few of long texts wait for each other.
 * @param limit the most rows that the page can have
 * @param advice as of {@link PageTooLarge}
 * @throws PageTooLarge, NoTurn
 */
export async function boundedPage<Page>(
  limit: number,
  advice: string,
  make: (bounds: PageBounds) => Promise<Page>,
): Promise<Page> {
  if (limit <= SMALL_PAGE) return make(SMALL);
  const page = limit <= LARGE_PAGE ? await unlessTooLarge(middle.take('', () => make(MIDDLE))) : undefined;
  if (page) return page;
  const largePage = await unlessTooLarge(large.take('', () => make(LARGE)));
  if (largePage) return largePage;
  throw new PageTooLarge(advice);
}

async function unlessTooLarge<Page>(page: Promise<Page>): Promise<Page | undefined> {
  try {
    return await page;
  } catch (error) {
    if (error instanceof TooManyBytes) return undefined;
    throw error;
  }
}

/** Twenty rows of control characters, which take six bytes each in JSON, are 16 MB: what is long is encoded in its turn. */
const SMALL: PageBounds = {
  read: (rows) => rows(),
  encode: async (rows) =>
    textLength(rows) > MEGABYTE ? large.take('', async () => (await Encoded.list(rows, Infinity))!) : rows,
};

const MIDDLE: PageBounds = {
  read: (rows) => afterOthers(() => rows(MEGABYTE)),
  encode: async (rows) => rows,
};

const MAX_BYTES = MAX_MEGABYTES * MEGABYTE;

const LARGE: PageBounds = {
  read: (rows) => afterOthers(() => rows(MAX_BYTES)),
  encode: async (rows) => {
    const encoded = await Encoded.list(rows, MAX_BYTES);
    if (!encoded) throw new TooManyBytes();
    return encoded;
  },
};
