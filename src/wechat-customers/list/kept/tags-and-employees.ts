import { Inject, Injectable } from '@nestjs/common';
import { columnList, Sql } from '../../../database/sql';
import { LIST_SQL } from '../../../database/mysql/replica-reads';
import type { ManagedEnterprise } from '../../../enterprise/tenant';
import { Encoded } from '../../../http/output/json';
import { RevisionCache } from './revision-cache';
import { EMPLOYEE_COLUMNS, EmployeeReply, TAG_COLUMNS, TagReply } from '../../rows.reply';

/** An enterprise's tags and staff, which every page of its list shows in full. */
export interface TagsAndStaff {
  /** All tags, id descending. */
  tags: TagReply[];
  /** Where in `tags` a tag stands, by its WeCom id. */
  tagPlaces: ReadonlyMap<string, number>;
  /** Keys of the tags by their WeCom id. */
  tagPks: ReadonlyMap<string, number>;
  /** The staff by userid. */
  employees: ReadonlyMap<string, EmployeeReply>;
  /** `tags` and the staff's options as they are sent. */
  encoded: { tag: Encoded; employee: Encoded };
}

/** About 2 MB each with 2,000 members. */
const MAX_ENTERPRISES = 20;

const TAGS = `SELECT ${columnList(TAG_COLUMNS)} FROM wechat_tag
  WHERE uniacid = ? AND crop_id = ? AND deleted_at IS NULL ORDER BY id DESC`;

const EMPLOYEES = `SELECT ${columnList(EMPLOYEE_COLUMNS)} FROM wechat_employee
  WHERE uniacid = ? AND business_id = ? AND deleted_at IS NULL ORDER BY user_id`;

/** Keeps the lists of the enterprises in use: they are four fifths of an answer's bytes and seldom change. */
@Injectable()
export class TagsAndStaffStore {
  private readonly lists = new RevisionCache<TagsAndStaff>('enterprise-lists', MAX_ENTERPRISES);

  constructor(@Inject(LIST_SQL) private readonly sql: Sql) {}

  of({ uniacid, enterpriseId, listsRevision }: ManagedEnterprise): Promise<TagsAndStaff> {
    return this.lists.get(`${uniacid}/${enterpriseId}`, listsRevision, () => this.read([uniacid, enterpriseId]));
  }

  private async read(values: number[]): Promise<TagsAndStaff> {
    const [tags, employees] = await Promise.all([
      this.sql.rows<TagReply>({ sql: TAGS, values }),
      this.sql.rows<EmployeeReply>({ sql: EMPLOYEES, values }),
    ]);
    return {
      tags,
      tagPlaces: new Map(tags.map(({ tag_id }, place) => [tag_id, place])),
      tagPks: new Map(tags.map(({ tag_id, id }) => [tag_id, id])),
      employees: new Map(employees.map((employee) => [employee.user_id, employee])),
      encoded: {
        tag: new Encoded(tags),
        employee: new Encoded(employees.map(({ user_id, name }) => ({ user_id, name }))),
      },
    };
  }
}
