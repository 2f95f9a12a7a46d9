/**
 * Pages of rows by ascending id, until one is empty: no statement reads or locks more than a page.
 * @param read the rows after the id `last`, by ascending id and with a LIMIT
 */
export async function* pagesById<Row extends { id: number }>(
  read: (last: number) => Promise<Row[]>,
): AsyncGenerator<Row[]> {
  for (let last = 0, rows: Row[]; (rows = await read(last)).length > 0; last = rows.at(-1)!.id) yield rows;
}

export const idsOf = (rows: readonly { id: number }[]) => rows.map(({ id }) => id);
