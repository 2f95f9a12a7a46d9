import type { WireRow } from '../import/originals/answers';
import { Pages, Walk } from '../import/originals/walk';
import type { Comparing } from './asking';
import { Difference, keyOf, Row, rowDifferences, RowKind } from './rows';

/** A list of both systems, whole. */
export interface Lists {
  rows: RowKind;
  theirs: Pages<WireRow>;
  ours: Pages<WireRow>;
}

/**
 * Compares every row of a list, and their order. Only rows that the other system has not given yet are kept, so that a
 * list of any length can be compared.
 */
export async function compareAllRows(lists: Lists, { findings, ignored, onAnswer }: Comparing): Promise<void> {
  const asked = `every page of POST ${lists.theirs.route}`;
  const theirs = new Walk(lists.theirs).steps();
  const ours = new Walk(lists.ours).steps();
  const matching = new Matching(lists.rows);
  for (;;) {
    const [a, b] = await Promise.all([theirs.next(), ours.next()]);
    if (a.done && b.done) break;
    const pairs = matching.take(a.done ? [] : a.value.rows, b.done ? [] : b.value.rows);
    findings.add(asked, differencesOf(pairs));
    onAnswer();
  }
  findings.add(asked, matching.rest());

  function* differencesOf(pairs: Pair[]): Generator<Difference> {
    for (const pair of pairs) yield* rowDifferences(lists.rows, pair.theirs, pair.ours, ignored);
  }
}

interface Pair {
  theirs: Row;
  ours: Row;
}

interface Waiting {
  row: Row;
  /** From 0 on, in the order of its list. */
  place: number;
}

/** Finds for each row of one system the same row of the other. */
class Matching {
  private readonly theirs = new Map<string, Waiting>();
  private readonly ours = new Map<string, Waiting>();
  private readonly counts = { theirs: 0, ours: 0 };
  /** The place that a row has in our list, by its place in theirs. */
  private readonly places: (number | undefined)[] = [];

  constructor(private readonly kind: RowKind) {}

  take(theirs: Row[], ours: Row[]): Pair[] {
    const pairs: Pair[] = [];
    for (const row of theirs) this.theirs.set(keyOf(this.kind, row), { row, place: this.counts.theirs++ });
    for (const row of ours) this.ours.set(keyOf(this.kind, row), { row, place: this.counts.ours++ });
    const [few, many] = this.theirs.size < this.ours.size ? [this.theirs, this.ours] : [this.ours, this.theirs];
    for (const key of few.keys()) {
      if (!many.has(key)) continue;
      const [a, b] = [this.theirs.get(key)!, this.ours.get(key)!];
      pairs.push({ theirs: a.row, ours: b.row });
      this.places[a.place] = b.place;
      this.theirs.delete(key);
      this.ours.delete(key);
    }
    return pairs;
  }

  /** What is left in the end. */
  *rest(): Generator<Difference> {
    const about = this.kind.name;
    for (const [row, waiting] of this.theirs) yield { kind: 'missing row', about, row, theirs: waiting.row };
    for (const [row, waiting] of this.ours) yield { kind: 'additional row', about, row, ours: waiting.row };
    yield* this.moved();
  }

  /** The first row that stands before one that it should follow. */
  private *moved(): Generator<Difference> {
    let last = -1;
    for (const [place, own] of this.places.entries()) {
      if (own === undefined) continue; // missing
      if (own < last) {
        yield { kind: 'order', about: this.kind.name, theirs: `row ${place + 1}`, ours: `row ${own + 1}` };
        return;
      }
      last = own;
    }
  }
}
