import { OperatorError } from '../../base/operator-error';
import type { Fields } from '../kinds/fields';

/** Names on the wire by the names that files may use: the same, or the Chinese ones. */
export function wireNames(fields: Fields): ReadonlyMap<string, string> {
  const names = Object.entries(fields);
  return new Map([
    ...names.map(([wire, { chinese }]) => [chinese, wire] as const),
    ...names.map(([wire]) => [wire, wire] as const),
  ]);
}

/**
 * The fields of a file's columns.
 * @throws OperatorError for a column that the kind does not have, or has twice
 */
export function columnsOf(header: string[], fields: Fields): string[] {
  const known = wireNames(fields);
  const columns = header.map((name) => {
    const wire = known.get(name.trim());
    if (wire === undefined)
      throw new OperatorError(`unknown column ${JSON.stringify(name)}: known are ${listOf(fields)}`);
    return wire;
  });
  const twice = columns.find((wire, i) => columns.indexOf(wire) !== i);
  if (twice !== undefined) throw new OperatorError(`the column ${twice} is there twice`);
  return columns;
}

const listOf = (fields: Fields) => Object.keys(fields).join(', ');
