/** A row as it came. */
export interface Came {
  /** By the wire's field names (a source has already mapped Chinese headers and column names). */
  row: Record<string, unknown>;
  /** Where it stood, for people: `line 12`, `page 3, row 4`. */
  where: string;
  /** The row in the form it came: for the file of refused rows. */
  text: string;
  /** Why the source itself cannot read it; the row is then refused. */
  fault?: string;
}

/** Some hundred rows, and where to go on after them. */
export interface Batch {
  rows: Came[];
  next: string;
}

export interface Source {
  /** Tells one source from another, without secrets, for the checkpoint: `file:customers.csv`, `api:https://old.example/`. */
  name: string;
  /** First line of the file of refused rows, e.g. the CSV's header; undefined when rows stand alone. */
  header?: string;
  /** How many rows there are, once known: for the progress bar. */
  total?: number;
  /** Whether `next` of a run before still leads where it did: a file may have changed. Absent: it does. */
  isStill?(after: string): boolean;
  /** The rows before, where reading them again costs little: what is given twice is told across a kill, too. */
  before?(after: string): AsyncIterable<Batch>;
  /** Rows in a fixed order. @param after `next` of the last batch that was stored, to go on there */
  batches(after?: string): AsyncIterable<Batch>;
}
