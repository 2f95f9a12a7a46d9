import { createHash } from 'node:crypto';
import { OperatorError } from '../../base/operator-error';
import type { Context, Kind, Outcome, Said } from '../kinds/kind';
import type { Came } from '../source';

/** A row that was read: its record, or what became of it already. */
export type Read<Row> = { came: Came } & ({ row: Row; outcome?: undefined } | { outcome: Outcome });

/** Reads the rows of one source, and refuses those that contradict one before. */
export class Reader<Row extends object> {
  /** What was said of each key, as a digest: about 100 bytes a row. */
  private readonly said = new Map<string, number>();

  constructor(
    private readonly kind: Kind<Row>,
    private readonly context: Context,
  ) {}

  read(rows: Came[]): Read<Row>[] {
    return rows.map((came) => {
      try {
        return this.readRow(came);
      } catch (error) {
        if (!(error instanceof OperatorError)) throw error;
        return { came, outcome: { refused: error.message } };
      }
    });
  }

  /** @throws OperatorError with the reason */
  private readRow(came: Came): Read<Row> {
    if (came.fault !== undefined) throw new OperatorError(came.fault);
    const row = this.kind.read(came.row, this.context);
    const [own, ...others] = this.kind.said(row);
    const isAgain = this.said.has(own.key);
    const contradicted = [own, ...others].find((said) => this.contradicts(said));
    if (contradicted) throw new OperatorError(contradicted.otherwise);
    for (const said of [own, ...others]) this.said.set(said.key, digestOf(said.content));
    return isAgain ? { came, outcome: 'equal' } : { came, row };
  }

  private contradicts({ key, content }: Said): boolean {
    const before = this.said.get(key);
    return before !== undefined && before !== digestOf(content);
  }
}

/** 48 bits: two contents that differ are hardly ever taken for the same. */
function digestOf(content: unknown): number {
  return createHash('sha1').update(JSON.stringify(content)).digest().readUIntBE(0, 6);
}
