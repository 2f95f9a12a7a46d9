import { OperatorError } from '../../base/operator-error';

/** A value, or a row, that cannot be read; the message is its reason and never holds the value. */
export class Unreadable extends OperatorError {}

/** A field of a kind. */
export interface Field {
  /** The property of the record. */
  property: string;
  /** The header in files for people. */
  chinese: string;
  /**
   * Null is absent where the column knows no null.
   * @throws Unreadable with what is needed, as in "must be …"
   */
  read: (raw: unknown) => unknown;
  isRequired?: boolean;
  /** What an empty cell of a CSV file means, which knows neither null nor absence; undefined: absent. */
  emptyCell?: '' | null;
}

/** Fields by their names on the wire. */
export type Fields = Readonly<Record<string, Field>>;

/**
 * The record of a row: its values by property, those that are absent undefined.
 * @throws Unreadable for a field that the kind does not have, too
 */
export function readRow(fields: Fields, row: Record<string, unknown>): Record<string, unknown> {
  const unknown = Object.keys(row).find((name) => !Object.hasOwn(fields, name));
  if (unknown !== undefined) throw new Unreadable(`unknown field ${JSON.stringify(unknown.slice(0, 40))}`);
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [field.property, readField(name, field, row)]),
  );
}

function readField(name: string, { read, isRequired }: Field, row: Record<string, unknown>): unknown {
  try {
    const value = row[name] === undefined ? undefined : read(row[name]);
    if (isRequired && (value === undefined || value === '')) throw new Unreadable('is missing');
    return value;
  } catch (error) {
    throw error instanceof Unreadable ? new Unreadable(`${name} ${error.message}`) : error;
  }
}

export const required = (field: Field): Field => ({ ...field, isRequired: true });

/** A text; a number is taken for its digits, as vendors' documents call mobile numbers `int`. */
export const text = (property: string, chinese: string): Field => ({
  property,
  chinese,
  emptyCell: '',
  read: (raw) => (raw === null ? undefined : asText(raw)),
});

export const textOrNull = (property: string, chinese: string): Field => ({
  property,
  chinese,
  emptyCell: null,
  read: (raw) => (raw === null ? null : asText(raw)),
});

/** Wall clock in UTC+8, or null. */
export const time = (property: string, chinese: string): Field => ({
  property,
  chinese,
  emptyCell: null,
  read: (raw) => (raw === null ? null : asWallClock(raw)),
});

/** A whole number of at least 0, as JSON number or digits. */
export const number = (property: string, chinese: string): Field => ({
  property,
  chinese,
  read: (raw) => (raw === null ? undefined : asNumber(raw, /^\d{1,16}$/, 'a whole number')),
});

/** The number of something that exists. */
export const id = (property: string, chinese: string): Field => ({
  property,
  chinese,
  read: (raw) => (raw === null ? undefined : asNumber(raw, /^[1-9]\d{0,15}$/, 'a whole number from 1 on')),
});

/** Room for the rows to come: the column ends at 2,147,483,647, and the next key of the table follows its highest. */
const MAX_ROW_ID = 2_000_000_000;

/** The id of a row, in a table that all enterprises share and that counts on behind it. */
export const rowId = (property: string, chinese: string): Field => {
  const { read, ...field } = id(property, chinese);
  return {
    ...field,
    read: (raw) => {
      const value = read(raw) as number | undefined;
      if (value !== undefined && value > MAX_ROW_ID) {
        throw new Unreadable('must be at most 2,000,000,000: leave it out to get a new one');
      }
      return value;
    },
  };
};

/** One of a few numbers. */
export const oneOf = (property: string, chinese: string, ...numbers: number[]): Field => ({
  property,
  chinese,
  read: (raw) =>
    raw === null ? undefined : asNumber(raw, new RegExp(`^(${numbers.join('|')})$`), numbers.join(' or ')),
});

/** A field that is known and belongs to another kind: `tag_name` of a follow. */
export const elsewhere = (chinese: string): Field => ({ property: 'elsewhere', chinese, read: () => undefined });

/** Only rows that are not deleted are moved. */
export const notDeleted: Field = {
  property: 'deletedAt',
  chinese: '删除时间',
  emptyCell: null,
  read: (raw) => {
    if (raw !== null && raw !== '') throw new Unreadable('is set: deleted rows are not imported');
    return undefined;
  },
};

function asText(raw: unknown): string {
  if (typeof raw === 'string') return raw;
  if (Number.isSafeInteger(raw) || typeof raw === 'bigint') return String(raw);
  throw new Unreadable('must be a text');
}

function asNumber(raw: unknown, pattern: RegExp, needed: string): number {
  const isNumeric = typeof raw === 'string' || typeof raw === 'number' || typeof raw === 'bigint';
  const digits = isNumeric ? String(raw) : '';
  if (!pattern.test(digits) || !Number.isSafeInteger(Number(digits))) throw new Unreadable(`must be ${needed}`);
  return Number(digits);
}

/** As the routes write it, or as Excel does once it has saved the file; both with or without seconds. */
const TIME = /^(?:(\d{4})-(\d\d)-(\d\d) (\d\d)|(\d{4})\/(\d\d?)\/(\d\d?) (\d\d?)):(\d\d)(?::(\d\d))?$/;

function asWallClock(raw: unknown): string {
  const parts = (typeof raw === 'string' && TIME.exec(raw)?.slice(1).filter(Boolean)) || [];
  const [year, month, day, hour, minute, second = '00'] = parts.map((part) => part.padStart(2, '0'));
  const time = `${year}-${month}-${day} ${hour}:${minute}:${second}`;
  // Date turns a date that does not exist (02-30, 24:00:00) into another one or into none.
  const instant = new Date(`${time.replace(' ', 'T')}Z`);
  const exists = !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(time.replace(' ', 'T'));
  if (!exists) throw new Unreadable('must be a time as 2021-09-28 09:21:46');
  return time;
}
