import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CsvError, parse } from 'csv-parse';
import { OperatorError } from '../../base/operator-error';
import type { Fields } from '../kinds/fields';
import type { Came } from '../source';
import { columnsOf } from './columns';
import { MAX_ROW_CHARACTERS } from './decode';

/** A row of a CSV file. */
interface Line {
  cells: string[];
  /** Where it begins. */
  line: number;
  /** As it came, without the end of its last line. */
  raw: string;
}

/** The header line of a CSV file. @throws OperatorError for an empty file, or unknown columns */
export async function headerOf(text: AsyncIterable<string>, fields: Fields): Promise<string> {
  for await (const { cells, raw } of linesOf(text)) {
    columnsOf(cells, fields);
    return raw;
  }
  throw new OperatorError('the file has no header line');
}

/**
 * The rows of a CSV file below its header.
 * @throws OperatorError for quoting that leaves open what is a row, and a row of more than 1 MB
 */
export async function* csvRows(text: AsyncIterable<string>, fields: Fields): AsyncGenerator<Came> {
  let columns: string[] | undefined;
  for await (const { cells, line, raw } of linesOf(text)) {
    if (columns) yield cameOf(columns, cells, fields, { where: `line ${line}`, text: raw });
    else columns = columnsOf(cells, fields);
  }
}

function cameOf(columns: string[], cells: string[], fields: Fields, at: Pick<Came, 'where' | 'text'>): Came {
  if (cells.length !== columns.length) {
    return { ...at, row: {}, fault: `has ${cells.length} cells, the header has ${columns.length}` };
  }
  const row = columns.map((wire, i) => [wire, cells[i] === '' ? fields[wire]!.emptyCell : cells[i]] as const);
  return { ...at, row: Object.fromEntries(row) };
}

/** The lines of a CSV file that are not empty; one may hold several lines of text. */
async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<Line> {
  const parser = parse({
    raw: true,
    info: true,
    relax_column_count: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    max_record_size: MAX_ROW_CHARACTERS,
  });
  const done = pipeline(Readable.from(text), parser);
  done.catch(() => undefined); // the loop throws it, too
  let line = 1;
  try {
    for await (const { record: cells, raw: ended } of parser as AsyncIterable<{ record: string[]; raw: string }>) {
      const raw = ended.replace(/\r?\n?$/, '');
      if (cells.length > 1 || cells[0] !== '') yield { cells, line, raw };
      line += 1 + (raw.match(/\r\n|\n|\r/g)?.length ?? 0);
    }
  } catch (error) {
    throw error instanceof CsvError ? new OperatorError(`line ${line}: ${faultOf(error)}`) : error;
  }
}

function faultOf({ code }: CsvError): string {
  if (code === 'CSV_MAX_RECORD_SIZE') return 'the row is longer than 1 MB: is a quote not closed?';
  return code === 'CSV_QUOTE_NOT_CLOSED' ? 'a quote is not closed' : 'a quote is out of place';
}
