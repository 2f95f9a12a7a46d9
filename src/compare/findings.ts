import { foreignText, withoutSecrets } from '../base/foreign-text';
import type { Difference } from './rows';

/** Differences of one kind, about one thing and one field. */
interface Group {
  kind: Difference['kind'];
  about?: string;
  field?: string;
  /** How many answers showed it. */
  answers: number;
  /** The rows that it was seen in. */
  rows: Set<string>;
  /** The first that was found. */
  example: { asked: string; row?: string; theirs?: string; ours?: string };
}

/** Fields whose values are never shown. */
const SECRETS = ['secret', 'token', 'ticket', 'refresh_token', 'password'];
const HIDDEN = '(hidden)';
/** Bounds what is shown of a value: a row of family B has about this much. */
const MAX_SHOWN = 2000;
/** A value with its ellipsis. */
const MAX_LINE = MAX_SHOWN + 1;

/** What a comparison found, as it is told. */
export class Findings {
  private readonly groups = new Map<string, Group>();

  /** @param secrets sent to the systems: their answers are shown without them */
  constructor(private readonly secrets: () => Iterable<string>) {}

  private answers = 0;
  private different = 0;

  get isEqual(): boolean {
    return this.groups.size === 0;
  }

  /** @param asked the question, for people */
  add(asked: string, differences: Iterable<Difference>): void {
    const touched = new Set<Group>();
    for (const difference of differences) touched.add(this.note(asked, difference));
    for (const group of touched) group.answers++;
    this.answers++;
    if (touched.size > 0) this.different++;
  }

  /** For people. */
  toString(): string {
    const head = `${this.answers} answers compared, ${this.different} of them differ`;
    return [head, ...this.sorted().map(paragraph)].map((text) => withoutSecrets(text, this.secrets())).join('\n\n');
  }

  /** For programs. */
  toJSON(): object {
    const shownOf = (text?: string) => text && withoutSecrets(text, this.secrets());
    const differences = this.sorted().map(({ rows, example: { asked, ...values }, ...group }) => ({
      ...group,
      example: { asked, ...Object.fromEntries(Object.entries(values).map(([name, text]) => [name, shownOf(text)])) },
      rows: rows.size,
    }));
    return { equal: this.isEqual, answers: this.answers, different: this.different, differences };
  }

  private note(asked: string, { kind, about, field, row, theirs, ours }: Difference): Group {
    const id = JSON.stringify([kind, about, field]);
    let group = this.groups.get(id);
    if (!group) {
      const example = { asked, row, theirs: shown(field, theirs), ours: shown(field, ours) };
      this.groups.set(id, (group = { kind, about, field, answers: 0, rows: new Set(), example }));
    }
    if (row !== undefined) group.rows.add(row);
    return group;
  }

  /** Those of whole rows first, then by how many they are. */
  private sorted(): Group[] {
    const isOfRows = ({ kind }: Group) => Number(kind === 'missing row' || kind === 'additional row');
    const found = [...this.groups.values()];
    return found.sort((a, b) => isOfRows(b) - isOfRows(a) || b.rows.size - a.rows.size || b.answers - a.answers);
  }
}

function paragraph({ kind, about, field, answers, rows, example }: Group): string {
  const what = [kind, about && (field ? `${about}.${field}` : about), !about && field].filter(Boolean).join(': ');
  const seen = counted(answers, 'answer');
  const count = rows.size > 0 ? `${counted(rows.size, 'row')}, in ${seen}` : `in ${seen}`;
  const { asked, row, theirs, ours } = example;
  const lines = { asked, row: row || undefined, theirs, ours };
  const shownLines = Object.entries(lines).flatMap(([name, text]) =>
    text === undefined ? [] : `  ${name.padEnd(7)}${foreignText(text, MAX_LINE)}`,
  );
  return [`${what} (${count})`, ...shownLines].join('\n');
}

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;

/** A value as JSON, without secrets. @returns undefined for one that is absent */
function shown(field: string | undefined, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (field !== undefined && isSecret(field)) return HIDDEN;
  const json = JSON.stringify(value, (name, inner: unknown) => (isSecret(name) ? HIDDEN : inner));
  return json.length > MAX_SHOWN ? `${json.slice(0, MAX_SHOWN)}…` : json;
}

const isSecret = (field: string) => SECRETS.includes(field.split('.').at(-1)!);
