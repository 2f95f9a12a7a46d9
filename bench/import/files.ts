import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { wallClock } from '../../src/base/time';
import type { KindName } from '../../src/import/kind-names';
import { LAST_MOMENT, SPAN_SECONDS } from '../data/calendar';
import { personName, remarkOn } from '../data/names';
import { Random } from '../data/random';

const FIRST_CUSTOMER_ID = 1_000_001;
const CUSTOMERS_PER_RELATION = 0.2;
const CONTACTS_PER_FOLLOW = 0.5;
const EMPLOYEES = 300;
const TAGS = 100;
export const FIRST_USER_ID = 2_000_001;
export const USERS = 2_000;

/** A file to import, in the order in which an operator does. */
export interface ImportFile {
  kind: KindName;
  path: string;
  rows: number;
}

const KINDS: { kind: KindName; count: (rows: number) => number; row: (i: number, random: Random) => object }[] = [
  { kind: 'customers', count: (rows) => rows * CUSTOMERS_PER_RELATION, row: customer },
  { kind: 'relations', count: (rows) => rows, row: relation },
  { kind: 'tags', count: () => TAGS, row: tag },
  { kind: 'employees', count: () => EMPLOYEES, row: employee },
  { kind: 'follows', count: (rows) => rows, row: follow },
];

/** Writes the JSON Lines files. @param rows relations, and as many follows */
export async function writeFiles(directory: string, rows: number): Promise<ImportFile[]> {
  const files: ImportFile[] = [];
  for (const { kind, count, row } of KINDS) {
    const path = join(directory, `${kind}.jsonl`);
    const random = new Random(1);
    const lines = function* () {
      for (let i = 0; i < count(rows); i++) yield `${JSON.stringify(row(i, random))}\n`;
    };
    await pipeline(Readable.from(lines()), createWriteStream(path));
    files.push({ kind, path, rows: count(rows) });
  }
  return files;
}

const moment = (random: Random) => LAST_MOMENT - random.below(SPAN_SECONDS);
const timeAt = (seconds: number) => wallClock(new Date(seconds * 1000));

function customer(i: number, random: Random) {
  const created = timeAt(moment(random));
  return { customer_id: FIRST_CUSTOMER_ID + i, customer_name: personName(random), secret: random.id(4), created };
}

/** Each customer has its share of relations in turn, each of another user. */
function relation(i: number, random: Random) {
  const perCustomer = 1 / CUSTOMERS_PER_RELATION;
  return {
    user_id: FIRST_USER_ID + (i % USERS),
    customer_id: FIRST_CUSTOMER_ID + Math.floor(i / perCustomer),
    ...{ template: null, script: null, reference: `R-${i}`, created: timeAt(moment(random)) },
    ...{ is_available: 1, boss_sync: 0 },
  };
}

function tag(i: number) {
  return { id: 1 + i, tag_id: `et-bench-${i}`, name: `标签${i}`, group_id: 'g', group_name: '组' };
}

function employee(i: number, random: Random) {
  return { id: 1 + i, user_id: `employee-${i}`, name: personName(random) };
}

/** As getList answers it. */
function follow(i: number, random: Random) {
  const contact = Math.floor(i * CONTACTS_PER_FOLLOW);
  const name = personName(new Random(contact));
  const createtime = moment(random);
  const times = { created_at: timeAt(createtime), updated_at: null, deleted_at: null };
  const tagIds = Array.from({ length: random.below(4) }, () => `et-bench-${random.below(TAGS)}`);
  return {
    ...{ id: 1 + i, uid: 0, userid: `employee-${i % EMPLOYEES}`, external_userid: `wm-bench-${contact}` },
    ...{ remark: remarkOn(name, random), customer_create_time: createtime, remark_mobiles: '[]' },
    ...{ tag_id: [...new Set(tagIds)].join(','), createtime, add_way: '1', status: 1, ...times },
    has_one_customer: {
      ...{ id: 1 + contact, external_userid: `wm-bench-${contact}`, name, avatar: '', external_type: 1, gender: 1 },
      ...{ external_profile: 'null', created_at: timeAt(LAST_MOMENT - SPAN_SECONDS), updated_at: null },
    },
  };
}
