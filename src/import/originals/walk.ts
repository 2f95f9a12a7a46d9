import { z } from 'zod';
import { SystemFailed } from './errors';

/** A page of a list as it was answered. */
export interface PageOf<Row> {
  rows: Row[];
  /** Rows and pages of the whole list, by the size of page that the system gave. */
  total: number;
  pages: number;
}

/** A list that is read page by page. */
export interface Pages<Row> {
  base: string;
  route: string;
  /** @param page from 1 on */
  ask(page: number): Promise<PageOf<Row>>;
  keyOf(row: Row): string;
}

const PLACE = z.object({ page: z.int(), pages: z.int(), total: z.int(), taken: z.int(), first: z.string() });

/** Where a walk goes on. */
type Place = z.infer<typeof PLACE>;

const START: Place = { page: 1, pages: 1, total: 0, taken: 0, first: '' };

/** Rows of a page that were not given before. */
export interface Step<Row> {
  rows: Row[];
  /** For each row, as people count. */
  where: string[];
  total: number;
  /** Where to go on after them, for a later process. */
  next: string;
}

/** How often the whole list is read before it is given up. */
const MAX_ROUNDS = 3;
/** How often a page is asked for that gives rows of pages before it. */
const MAX_REPEATS = 3;

/**
 * Reads a list that changes meanwhile, so that no row is left out: newest rows come first, so added rows push others
 * onto later pages, where they are passed over, and rows that went let others move up into pages that were read, which
 * are then read again. In the end the rows must be as many as the list says.
 */
export class Walk<Row> {
  /** The keys of the rows that this process gave. */
  private readonly given = new Set<string>();
  private place: Place;
  /** Rows that an earlier process gave; they are not in {@link given}. */
  private givenBefore: number;
  private furthest = 0;

  /** @param after `next` of the last step that was stored */
  constructor(
    private readonly pages: Pages<Row>,
    after?: string,
  ) {
    this.place = after === undefined ? START : PLACE.parse(JSON.parse(after));
    this.givenBefore = this.place.taken;
  }

  /** @throws SystemFailed when the rows are never as many as the list says */
  async *steps(): AsyncGenerator<Step<Row>> {
    for (let round = 1; round <= MAX_ROUNDS; round++) {
      yield* this.toEnd();
      yield* this.added();
      if (this.taken >= this.place.total) return;
      this.givenBefore = 0; // every row before is read again
      this.place = { ...this.place, page: 1, taken: this.taken };
    }
    const { base, route } = this.pages;
    const told = `tells of ${this.place.total} rows and gives ${this.taken} different ones`;
    throw new SystemFailed(base, route, `${told}, also when read again`);
  }

  private get taken(): number {
    return this.givenBefore + this.given.size;
  }

  private async *toEnd(): AsyncGenerator<Step<Row>> {
    while (this.place.page <= this.place.pages) {
      const { page, total: before } = this.place;
      const { rows, total, pages } = await this.ask(page);
      const isShort = page > 1 && total < before; // rows moved up into pages that were read
      const first = page === 1 ? this.keyOf(rows[0]) : this.place.first;
      this.place = { ...this.place, page: page + 1, pages, total, first };
      if (isShort) this.stepBack(page, (before - total) / (total / pages));
      else if (rows.length > 0) yield* this.step(rows, page);
      else return; // no more come, however many pages are promised
    }
  }

  /** @param by how many pages; all the way over those that an earlier process read, whose rows are not known here */
  private stepBack(page: number, by: number): void {
    this.place.page = this.givenBefore > 0 ? 1 : Math.max(1, page - Math.ceil(by));
    this.givenBefore = 0;
  }

  /** What was added since the walk began stands on the first pages. */
  private async *added(): AsyncGenerator<Step<Row>> {
    for (let page = 1; ; page++) {
      const { total: before, first } = this.place;
      const { rows, total } = await this.ask(page);
      this.place = { ...this.place, total };
      if (page === 1 && this.keyOf(rows[0]) === first) return;
      const given = this.given.size;
      yield* this.step(rows, page);
      if (total < before)
        page = 0; // rows moved up meanwhile: once more
      else if (this.given.size === given) break;
    }
    this.givenBefore = 0; // it led to where this process began
  }

  private *step(rows: Row[], page: number): Generator<Step<Row>> {
    const fresh: Row[] = [];
    const where: string[] = [];
    rows.forEach((row, index) => {
      const key = this.pages.keyOf(row);
      if (this.given.has(key)) return;
      this.given.add(key);
      fresh.push(row);
      where.push(`page ${page}, row ${index + 1}`);
    });
    this.place = { ...this.place, taken: this.taken };
    const { total } = this.place;
    if (fresh.length > 0) yield { rows: fresh, where, total, next: JSON.stringify(this.place) };
  }

  /** Asks again for a page that repeats rows though none was added: some systems do so now and then. */
  private async ask(page: number): Promise<PageOf<Row>> {
    const isNew = page > this.furthest;
    this.furthest = Math.max(this.furthest, page);
    for (let tries = 1; ; tries++) {
      const answer = await this.pages.ask(page);
      const { rows, total } = answer;
      const isRepeated = rows.length > 0 && rows.every((row) => this.given.has(this.pages.keyOf(row)));
      if (!isNew || !isRepeated || total > this.place.total || tries === MAX_REPEATS) return answer;
    }
  }

  private keyOf(row: Row | undefined): string {
    return row === undefined ? '' : this.pages.keyOf(row);
  }
}
