import { OperatorError } from '../../base/operator-error';
import type { Fields } from '../kinds/fields';
import type { Came } from '../source';
import { wireNames } from './columns';
import { MAX_ROW_CHARACTERS } from './decode';

/** The rows of a file with a JSON object on each line. @throws OperatorError for a line of more than 1 MB */
export async function* jsonRows(text: AsyncIterable<string>, fields: Fields): AsyncGenerator<Came> {
  const names = wireNames(fields);
  let line = 0;
  for await (const raw of linesOf(text)) {
    line++;
    if (raw.trim() !== '') yield { where: `line ${line}`, text: raw, ...parsed(raw, names) };
  }
}

function parsed(raw: string, names: ReadonlyMap<string, string>): Pick<Came, 'row' | 'fault'> {
  try {
    const value: unknown = JSON.parse(raw);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (!isObject) return { row: {}, fault: 'is no JSON object' };
    const fields = Object.entries(value).map(([name, each]) => [names.get(name) ?? name, each] as const);
    const row: Record<string, unknown> = Object.fromEntries(fields);
    return Object.keys(row).length === fields.length ? { row } : { row: {}, fault: 'has a field by both of its names' };
  } catch {
    return { row: {}, fault: 'is no JSON' };
  }
}

async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  let line = 1;
  for await (const piece of text) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop()!;
    for (const each of lines) {
      assertShort(each, line++);
      yield each.replace(/\r$/, '');
    }
    assertShort(rest, line);
  }
  if (rest !== '') yield rest;
}

function assertShort({ length }: string, line: number): void {
  if (length > MAX_ROW_CHARACTERS) throw new OperatorError(`line ${line}: the row is longer than 1 MB`);
}
