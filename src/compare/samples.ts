import type { WireRow } from '../import/originals/answers';
import type { Pages } from '../import/originals/walk';

/** Rows of a list whose values questions are made of. */
export interface Samples {
  rows: WireRow[];
  total: number;
}

/** Of a page: enough for different values. */
const ROWS_EACH = 10;

/** Rows of the first, a middle and the last page. */
export async function samplesOf(pages: Pages<WireRow>): Promise<Samples> {
  const first = await pages.ask(1);
  const others = new Set([Math.ceil(first.pages / 2), first.pages].filter((page) => page > 1));
  const rows = first.rows.slice(0, ROWS_EACH);
  for (const page of others) {
    const found = (await pages.ask(page)).rows;
    rows.push(...found.slice(-ROWS_EACH));
  }
  if (others.size === 0) rows.push(...first.rows.slice(ROWS_EACH).slice(-ROWS_EACH));
  return { rows, total: first.total };
}

/** The different values of a field that say something, in the order of the rows. */
export function valuesOf(rows: readonly WireRow[], field: string): (string | number)[] {
  const values = rows
    .map((row) => row[field])
    .filter((value) => typeof value === 'string' || typeof value === 'number');
  return [...new Set(values.filter((value) => value !== ''))];
}

/** A part of a text that searches can find it by: its first four characters. */
export const partOf = (text: string | number): string => [...String(text)].slice(0, 4).join('').trim();

/** Numbers of pages to look at: the first, a middle one, the last and one that is not there. */
export function pageNumbers(total: number, size: number): number[] {
  const last = Math.max(1, Math.ceil(total / size));
  return [...new Set([1, Math.ceil(last / 2), last, last + 1])];
}
