import { z } from 'zod';
import { InYaml, readYaml } from '../../base/yaml-file';
import type { Fields } from '../kinds/fields';
import { KIND_NAMES, KindName } from '../kind-names';
import { kindOf } from '../registry';

const name = z.string().regex(/^[^`\0]{1,64}$/, 'must be the name of a table or column');
const constant = z.union([z.string(), z.number()], 'must be a text or a number');

/** Columns of the original to the field that each one is here. */
const columns = z.record(name, z.string());

/** Values that a row must have in columns to be taken. */
const where = z
  .record(name, z.union([z.string(), z.number(), z.null()], 'must be a text, a number or null'))
  .default({});

/** One more table, of which a row has at most one row beside it. */
const join = z.strictObject({
  table: name,
  /** Its columns to the columns that they are equal to. */
  on: z.record(name, name).refine((on) => Object.keys(on).length > 0, 'must name columns'),
  columns,
  where,
});

const table = z.strictObject({
  table: name,
  /** Columns that tell all rows apart; rows are read in their order. */
  key: z
    .union([name, z.array(name).min(1).max(4)], 'must be a column, or a list of up to 4')
    .transform((key) => [key].flat()),
  columns,
  /** Fields that are the same for all rows. */
  constants: z.record(z.string(), constant).default({}),
  where,
  join: join.optional(),
  /** Our enterprise that the rows belong to, of kinds of family B. */
  business_id: z.int().min(1).optional(),
});

const map = z.partialRecord(z.enum(KIND_NAMES), table);

/** How the rows of a kind are found in the tables of the original. */
export type TableMap = z.output<typeof table>;

/**
 * Reads the file that says which columns of an original's tables are which fields.
 * @returns the kinds that it names, in the order in which they have to be imported
 * @throws OperatorError naming the place of the first fault in the file
 */
export function readMap(file: string): { kind: KindName; map: TableMap }[] {
  const given = readYaml(file, map);
  const named = KIND_NAMES.flatMap((kind) => (given[kind] ? [{ kind, map: given[kind] }] : []));
  if (named.length === 0) throw new InYaml(file, [], `names none of ${KIND_NAMES.join(', ')}`);
  for (const each of named) assertFits(file, each.kind, each.map);
  return named;
}

/** @throws OperatorError unless the fields are the kind's, each from one place, and all that it needs */
function assertFits(file: string, kind: KindName, { columns, constants, join, business_id }: TableMap): void {
  const { fields, isOfEnterprise } = kindOf(kind);
  const given = [
    ...Object.entries(columns).map(([column, field]) => ({ path: [kind, 'columns', column], field })),
    ...Object.entries(join?.columns ?? {}).map(([column, field]) => ({
      path: [kind, 'join', 'columns', column],
      field,
    })),
    ...Object.keys(constants).map((field) => ({ path: [kind, 'constants', field], field })),
  ];
  for (const [n, { path, field }] of given.entries()) {
    if (!Object.hasOwn(fields, field)) {
      throw new InYaml(file, path, `${field} is no field of ${kind}: ${Object.keys(fields).join(', ')}`);
    }
    const isTwice = given.slice(0, n).some((earlier) => earlier.field === field);
    if (isTwice) throw new InYaml(file, path, `${field} has a column or constant already`);
  }
  const missing = requiredOf(fields).find((name) => !given.some(({ field }) => field === name));
  if (missing) throw new InYaml(file, [kind, 'columns'], `no column is ${missing}, which every row needs`);
  if (isOfEnterprise !== (business_id !== undefined)) {
    throw new InYaml(file, [kind, 'business_id'], isOfEnterprise ? 'is missing' : `is not for ${kind}`);
  }
}

function requiredOf(fields: Fields): string[] {
  return Object.entries(fields).flatMap(([name, { isRequired }]) => (isRequired ? [name] : []));
}
