import { foreignText } from '../../base/foreign-text';
import type { Batch, Came, Source } from '../source';
import type { WireRow } from './answers';
import { Pages, Walk } from './walk';

/** The characters of a field's name that are shown. */
const MAX_NAME = 200;

/** Makes the row for import of a row as it came. */
export type Reading = (row: WireRow) => Record<string, unknown>;

/** The rows of a list that is read page by page; it goes on after the page that was stored last. */
export class PagedSource implements Source {
  total?: number;

  constructor(
    readonly name: string,
    private readonly pages: Pages<WireRow>,
    private readonly read: Reading,
  ) {}

  async *batches(after?: string): AsyncGenerator<Batch> {
    for await (const { rows, where, total, next } of new Walk(this.pages, after).steps()) {
      this.total = total;
      yield { rows: rows.map((row, index) => came(row, this.read, where[index]!)), next };
    }
  }
}

/** Rows of a batch. */
const BATCH_ROWS = 500;

/** Rows that come all at once; they are fetched again to go on, and those up to the last one stored are passed over. */
export class WholeSource implements Source {
  total?: number;

  constructor(
    readonly name: string,
    private readonly fetch: () => Promise<WireRow[]>,
    private readonly read: Reading,
    private readonly keyOf: (row: WireRow) => string,
  ) {}

  async *batches(after?: string): AsyncGenerator<Batch> {
    const rows = await this.fetch();
    this.total = rows.length;
    let start = rows.findIndex((row) => this.keyOf(row) === after) + 1; // 0 if it is gone: all of them again
    for (; start < rows.length; start += BATCH_ROWS) {
      const batch = rows.slice(start, start + BATCH_ROWS);
      const wireRows = batch.map((row, index) => came(row, this.read, `row ${start + index + 1}`));
      yield { rows: wireRows, next: this.keyOf(batch.at(-1)!) };
    }
  }
}

const came = (row: WireRow, read: Reading, where: string): Came => ({
  row: read(row),
  where,
  text: JSON.stringify(row),
});

/**
 * Keeps the fields of a kind.
 * @param derived fields that customer-hub makes of others itself
 * @param tell told once of each other field, which customer-hub has no place for
 */
export function keeping(
  kind: string,
  fields: readonly string[],
  derived: readonly string[],
  tell: (line: string) => void,
): Reading {
  const known = new Set([...fields, ...derived]);
  return (row) => {
    for (const field of Object.keys(row)) {
      if (known.has(field)) continue;
      known.add(field);
      tell(
        `${kind}: the field ${foreignText(JSON.stringify(field), MAX_NAME)} is left out: customer-hub has none of this name`,
      );
    }
    return Object.fromEntries(Object.entries(row).filter(([field]) => fields.includes(field)));
  };
}
