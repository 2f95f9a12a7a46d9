/** A page of either family. */
export type Page<Row> = { data: Row[] } & ({ total_pages: number } | { last_page: number });

/**
 * Walks all pages of a list, each asked for when the one before has been used.
 * @param read asks for a page, counted from 1
 */
export async function* pages<List extends Page<unknown>>(read: (page: number) => Promise<List>): AsyncGenerator<List> {
  for (let number = 1, last = 1; number <= last; number++) {
    const page = await read(number);
    last = 'total_pages' in page ? page.total_pages : page.last_page;
    yield page;
  }
}

/** Walks all rows of a list, page by page as {@link pages}. */
export async function* rows<Row>(read: (page: number) => Promise<Page<Row>>): AsyncGenerator<Row> {
  for await (const { data } of pages(read)) yield* data;
}
