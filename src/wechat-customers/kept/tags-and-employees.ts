import { Inject, Injectable } from '@nestjs/common';
import type { Dialect } from '../../database/dialect';
import { columnList, LIST_SQL, Sql } from '../../database/sql';
import type { ManagedEnterprise } from '../../enterprise/tenant';
import { Encoded } from '../../http/output/json';
import { RevisionCache } from './revision-cache';
import { EMPLOYEE_COLUMNS, EmployeeReply, TAG_COLUMNS, TagReply } from '../rows.reply';

/** An enterprise's tags and employees, which every page of its list repeats in full. */
export interface TagsAndEmployees {
  /** All tags, id descending. */
  tags: TagReply[];
  /** A tag's position in `tags`, by its WeCom id. */
  tagPositions: ReadonlyMap<string, number>;
  /** A tag's key, by its WeCom id. */
  tagPks: ReadonlyMap<string, number>;
  /** The employees by userid. */
  employees: ReadonlyMap<string, EmployeeReply>;
  /** The tags and the employees' options, encoded once for all answers. */
  encoded: { tag: Encoded; employee: Encoded };
}

/** Bounds the enterprises cached: about 2 MB each with 2,000 employees. */
const MAX_ENTERPRISES = 20;

const TAGS = `SELECT ${columnList(TAG_COLUMNS)} FROM wechat_tag
  WHERE uniacid = ? AND crop_id = ? AND deleted_at IS NULL ORDER BY id DESC`;

const employeesIn = (dialect: Dialect) => `SELECT ${columnList(EMPLOYEE_COLUMNS)} FROM wechat_employee
  WHERE uniacid = ? AND business_id = ? AND deleted_at IS NULL ORDER BY ${dialect.bytesOf('user_id')}`;

/** Caches the lists of the enterprises in use: they are four fifths of an answer's bytes and rarely change. */
@Injectable()
export class TagsAndEmployeesStore {
  private readonly lists = new RevisionCache<TagsAndEmployees>('enterprise-lists', MAX_ENTERPRISES);

  constructor(@Inject(LIST_SQL) private readonly sql: Sql) {}

  of({ uniacid, enterpriseId, listsRevision }: ManagedEnterprise): Promise<TagsAndEmployees> {
    return this.lists.get(`${uniacid}/${enterpriseId}`, listsRevision, () => this.read([uniacid, enterpriseId]));
  }

  private async read(values: number[]): Promise<TagsAndEmployees> {
    const [tags, employees] = await Promise.all([
      this.sql.rows<TagReply>({ sql: TAGS, values }),
      this.sql.rows<EmployeeReply>({ sql: employeesIn(this.sql.dialect), values }),
    ]);
    return {
      tags,
      tagPositions: new Map(tags.map(({ tag_id }, position) => [tag_id, position])),
      tagPks: new Map(tags.map(({ tag_id, id }) => [tag_id, id])),
      employees: new Map(employees.map((employee) => [employee.user_id, employee])),
      encoded: {
        tag: Encoded.of(tags),
        employee: Encoded.of(employees.map(({ user_id, name }) => ({ user_id, name }))),
      },
    };
  }
}
