import { CUSTOMER_FIELDS, RELATION_FIELDS } from '../../import/originals/mix-pages';
import type { WireRow } from '../../import/originals/answers';
import { Asked } from '../asking';
import type { Random } from '../random';
import { CUSTOMER, RELATION, RowKind } from '../rows';
import { pageNumbers, partOf, Samples, valuesOf } from '../samples';

/* Questions to family A (CONTRACT 1.3, 1.4), made of values that the original has. */

const OPERATORS = ['=', '>', '<', '>=', '<=', '!=', '<>', 'LIKE', 'like'];
const SIZE = 20;

/** A list and what may narrow it. */
interface List {
  route: string;
  rows: RowKind;
  samples: Samples;
  /** Keys of conditions: the row's columns; a customer's code is none. */
  columns: string[];
}

/** What the questions are made of. */
export interface MixSamples {
  relations: Samples;
  customers: Samples;
}

function listsOf({ relations, customers }: MixSamples): List[] {
  const ofCustomers = {
    rows: CUSTOMER,
    samples: customers,
    columns: CUSTOMER_FIELDS.filter((name) => name !== 'secret'),
  };
  return [
    { route: 'user_customer/get_list', rows: RELATION, samples: relations, columns: RELATION_FIELDS },
    { route: 'customer/get_all_list', ...ofCustomers },
  ];
}

/** Every filter, pages and single rows. */
export function mixQuestions(samples: MixSamples): Asked[] {
  return [...listsOf(samples).flatMap(listQuestions), ...rowQuestions(samples)];
}

function listQuestions(list: List): Asked[] {
  const { route, rows, samples, columns } = list;
  const ask = (params: object): Asked => ({ route, rows, params: { ...params } });
  const [first = {}] = samples.rows;
  const condition = tripleOf(list, columns[0]!, '=');
  return [
    ask({}),
    ...pageNumbers(samples.total, SIZE).map((page_index) => ask({ page_index, page_size: SIZE })),
    ...[1, 100].map((page_size) => ask({ page_size })),
    ...columns.flatMap((column) =>
      OPERATORS.map((operator) => ask({ condition: [tripleOf(list, column, operator)], page_size: SIZE })),
    ),
    ask({ condition: JSON.stringify([condition]) }),
    ask({ condition: columns.slice(0, 2).map((column) => tripleOf(list, column, '=')) }),
    ask({ condition: [['customer_id', '=', first.customer_id ?? 0]], is_all: 1 }),
    ...timeRanges(samples).map(ask),
  ];
}

function rowQuestions({ relations, customers }: MixSamples): Asked[] {
  const ends = <Item>(items: Item[]) =>
    [...new Set([items[0], items[items.length >> 1], items.at(-1)])].filter(Boolean);
  const pairs = ends(relations.rows).map((row) => pairOf(row!));
  const nobody = { ...pairs[0], customer_id: Number.MAX_SAFE_INTEGER };
  const users = valuesOf(relations.rows, 'user_id').slice(0, 3);
  return [
    ...[...pairs, nobody].map((params) => ({ route: 'user_customer/get', rows: RELATION, params })),
    ...users.flatMap((user_id) =>
      [{}, { page_index: 2, page_size: SIZE }].map((page) => ({
        route: 'user_customer/get_customer_list',
        rows: RELATION,
        params: { user_id, ...page },
      })),
    ),
    ...[...ends(customers.rows).map((row) => row!.customer_id), nobody.customer_id].map((customer_id) => ({
      route: 'customer/get',
      rows: CUSTOMER,
      params: { customer_id },
    })),
    { route: 'customer/get_list', rows: CUSTOMER, params: {} },
    { route: 'm/user_customer/get_list', rows: RELATION, params: {} },
  ];
}

/** A question of up to three conditions, a range of time and a page. */
export function randomMixQuestion(samples: MixSamples, random: Random): Asked {
  const list = random.pick(listsOf(samples));
  const columns = random.some(list.columns, random.below(4));
  const condition = columns.map((column) => tripleOf(list, column, random.pick(OPERATORS), random));
  const range = random.below(4) === 0 ? random.pick(timeRanges(list.samples)) : {};
  const page = { page_index: random.pick([1, 1, 2, 3]), page_size: random.pick([1, SIZE, 50, 100]) };
  return { route: list.route, rows: list.rows, params: { condition, ...range, ...page } };
}

/** `[key, operator, value]` with a value that rows have; without any, with an empty one. */
function tripleOf(
  { samples }: List,
  column: string,
  operator: string,
  random?: Random,
): [string, string, string | number] {
  const values = valuesOf(samples.rows, column);
  const value = (random && values.length > 0 ? random.pick(values) : values[0]) ?? '';
  if (operator.toUpperCase() !== 'LIKE') return [column, operator, value];
  return [column, operator, column === 'created' ? String(value).slice(0, 10) : partOf(value)];
}

/** Ranges between the times of two rows, with one end, and by days. */
function timeRanges({ rows }: Samples): object[] {
  const times = valuesOf(rows, 'created').map(String).sort();
  const [from, to] = [times[0], times[times.length >> 1]];
  if (!from || !to) return [{}];
  const [firstDay, lastDay] = [from, to].map((time) => time.slice(0, 10));
  return [
    { start_time: to },
    { end_time: to },
    { start_time: from, end_time: to },
    { start_time: firstDay, end_time: lastDay },
  ];
}

const pairOf = ({ user_id, customer_id }: WireRow) => ({ user_id, customer_id });
