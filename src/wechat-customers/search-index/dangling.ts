import type { EntityManager } from 'typeorm';
import { idsOf, pagesById } from '../../database/pages';
import { sameTextSql } from '../../database/same-text';
import { tagIdsOf } from '../tag-ids';

/** Rows that name a row which is not there. They are shown without it or not at all, and nothing but SQL mends them. */
export interface Dangling {
  what: string;
  rows: number;
  /** What identifies the first of them. */
  first: string[];
}

/** Bounds what is printed of each kind. */
const FIRST = 5;

const FOLLOWS_PER_PAGE = 5000;

interface Check {
  what: string;
  /** The table of the rows. */
  of: string;
  /** What identifies a row, as a column or several to be joined by `/`. */
  by: string[];
  /** Which of the rows have to name one. */
  where?: string;
  /** The row that is named. */
  named: Named;
}

interface Named {
  table: string;
  /** Its key, which is null in a LEFT JOIN only if no row is found. */
  key: string;
  /** The condition on it. */
  on: string;
}

const enterprise = (of: string, column: string): Named => ({
  table: 'enterprise',
  key: 'id',
  on: `enterprise.uniacid = ${of}.uniacid AND enterprise.id = ${of}.${column}`,
});

const account = (of: string): Named => ({ table: 'user', key: 'user_id', on: `user.user_id = ${of}.user_id` });

const employee = (of: string, enterpriseColumn: string): Named => ({
  table: 'wechat_employee',
  key: 'id',
  on: `wechat_employee.uniacid = ${of}.uniacid AND wechat_employee.business_id = ${of}.${enterpriseColumn}
    AND ${sameTextSql('wechat_employee.user_id', `${of}.userid`)} AND wechat_employee.deleted_at IS NULL`,
});

const SAME_CONTACT = `wechat_customer.uniacid = wechat_follow.uniacid AND wechat_customer.crop_id = wechat_follow.crop_id
  AND ${sameTextSql('wechat_customer.external_userid', 'wechat_follow.external_userid')}`;

const CHECKS: Check[] = [
  {
    what: 'follows without their contact',
    of: 'wechat_follow',
    by: ['id'],
    where: 'wechat_follow.deleted_at IS NULL',
    named: { table: 'wechat_customer', key: 'id', on: `${SAME_CONTACT} AND wechat_customer.deleted_at IS NULL` },
  },
  {
    what: 'follows without their employee',
    of: 'wechat_follow',
    by: ['id'],
    where: 'wechat_follow.deleted_at IS NULL',
    named: employee('wechat_follow', 'crop_id'),
  },
  {
    what: 'contacts without a follow',
    of: 'wechat_customer',
    by: ['id'],
    where: 'wechat_customer.deleted_at IS NULL',
    named: { table: 'wechat_follow', key: 'id', on: `${SAME_CONTACT} AND wechat_follow.deleted_at IS NULL` },
  },
  ...(
    [
      ['follows', 'wechat_follow', 'crop_id'],
      ['contacts', 'wechat_customer', 'crop_id'],
      ['employees', 'wechat_employee', 'business_id'],
      ['tags', 'wechat_tag', 'crop_id'],
    ] as const
  ).map(([what, of, column]) => ({
    what: `${what} of an enterprise that does not exist`,
    of,
    by: ['id'],
    named: enterprise(of, column),
  })),
  ...(
    [
      ['rights', 'enterprise_right'],
      ['choices', 'enterprise_choice'],
    ] as const
  ).flatMap(([what, of]) => [
    {
      what: `${what} to an enterprise that does not exist`,
      of,
      by: ['user_id', 'business_id'],
      named: enterprise(of, 'business_id'),
    },
    {
      what: `${what} of an account that does not exist`,
      of,
      by: ['user_id', 'business_id'],
      named: account(of),
    },
  ]),
  {
    what: 'rights bound to an employee who does not exist',
    of: 'enterprise_right',
    by: ['user_id', 'business_id'],
    where: "enterprise_right.userid <> ''",
    named: employee('enterprise_right', 'business_id'),
  },
  {
    what: 'relations of an account that does not exist',
    of: 'user_customer',
    by: ['user_id', 'customer_id'],
    named: account('user_customer'),
  },
  {
    what: 'relations to a customer that does not exist',
    of: 'user_customer',
    by: ['user_id', 'customer_id'],
    named: { table: 'customer', key: 'customer_id', on: 'customer.customer_id = user_customer.customer_id' },
  },
  {
    what: 'sessions of an account that does not exist',
    of: 'session',
    by: ['user_id'],
    named: account('session'),
  },
];

/** What dangles in the tables of both families; kinds of which there is none are left out. */
export async function findDangling(manager: EntityManager): Promise<Dangling[]> {
  const found: Dangling[] = [];
  for (const check of CHECKS) found.push(await run(manager, check));
  found.push(await followsWithUnknownTags(manager));
  return found.filter(({ rows }) => rows > 0);
}

/** As `reindex` prints it. */
export function toLine({ what, rows, first }: Dangling): string {
  return `${what}: ${rows} (${first.join(', ')}${rows > first.length ? ' …' : ''})`;
}

/** Not by NOT EXISTS: MariaDB caches what it finds, by texts whose blanks at the end it ignores. */
async function run(manager: EntityManager, { what, of, by, where = '1 = 1', named }: Check): Promise<Dangling> {
  const { table, key, on } = named;
  const columns = by.map((column) => `${of}.${column}`).join(', ');
  const from = `FROM ${of} LEFT JOIN ${table} ON ${on} WHERE ${table}.${key} IS NULL AND ${where}`;
  const [count] = await manager.query<[{ n: number | string }]>(`SELECT COUNT(*) AS n ${from}`);
  const rows = Number(count.n);
  if (rows === 0) return { what, rows, first: [] };
  const first = await manager.query<object[]>(`SELECT ${columns} ${from} ORDER BY ${columns} LIMIT ${FIRST}`);
  return { what, rows, first: first.map((row) => Object.values(row).join('/')) };
}

/** By the text in `tag_id`, which no condition of SQL can take apart. */
async function followsWithUnknownTags(manager: EntityManager): Promise<Dangling> {
  const result: Dangling = { what: 'follows with a tag that does not exist', rows: 0, first: [] };
  const pages = pagesById((last) =>
    manager.query<{ id: number; uniacid: number; crop_id: number; tag_id: string }[]>(
      `SELECT id, uniacid, crop_id, tag_id FROM wechat_follow
       WHERE deleted_at IS NULL AND tag_id <> '' AND id > ? ORDER BY id LIMIT ${FOLLOWS_PER_PAGE}`,
      [last],
    ),
  );
  const tags = await manager.query<{ uniacid: number; crop_id: number; tag_id: string }[]>(
    'SELECT uniacid, crop_id, tag_id FROM wechat_tag WHERE deleted_at IS NULL',
  );
  const nameOf = (uniacid: number, crop_id: number, tagId: string) => `${uniacid}/${crop_id}/${tagId}`;
  const known = new Set(tags.map(({ uniacid, crop_id, tag_id }) => nameOf(uniacid, crop_id, tag_id)));
  for await (const page of pages) {
    const unknown = page.filter(({ uniacid, crop_id, tag_id }) =>
      tagIdsOf(tag_id).some((tagId) => !known.has(nameOf(uniacid, crop_id, tagId))),
    );
    result.rows += unknown.length;
    result.first.push(
      ...idsOf(unknown)
        .slice(0, FIRST - result.first.length)
        .map(String),
    );
  }
  return result;
}
