import { bounded, LongText } from './bounded-text';

type Value = string | number | null | LongText;

/** Values by field, under their names on the wire. */
export type Values = Record<string, Value | undefined>;

/** What an entry says about fields, by their names on the wire. */
export type Changes = Record<string, { old: Value; new: Value } | { hidden: true } | string>;

/** In place of the values of a secret that changed. */
export const HIDDEN = { hidden: true } as const;

/**
 * The fields of a change with their values before and after.
 * @param before null for something new
 * @param after null for something deleted; fields that are undefined or equal to those before are left out
 */
export function changesBetween(before: Values | null, after: Values | null): Changes {
  const changes: Changes = {};
  for (const [field, given] of Object.entries(after ?? before ?? {})) {
    if (given === undefined || (after && before && given === before[field])) continue;
    changes[field] = { old: noted(before?.[field]), new: noted(after?.[field]) };
  }
  return changes;
}

const noted = (value: Value | undefined = null) => (typeof value === 'string' ? bounded(value) : value);
