import type { DataSource } from 'typeorm';
import { buildContact, buildUser } from '../factories';

export type Row = Record<string, string | number | null | undefined>;

const GOLD = { id: 11, uniacid: 2, crop_id: 1, tag_id: 'etGold', name: '金' };
const BLUE = { id: 12, uniacid: 2, crop_id: 1, tag_id: 'etBlue', name: '蓝' };
const FOREIGN = { id: 13, uniacid: 2, crop_id: 5, tag_id: 'etGold', name: '金' };
const ANNA = { id: 21, uniacid: 2, business_id: 1, user_id: 'Anna', name: '安娜' };
const FOREIGN_ANNA = { id: 22, uniacid: 2, business_id: 5, user_id: 'Anna', name: '安娜' };
const DELETED = '2024-01-02 03:04:05';

/** Follows of the first schema. Bert has left: he has no row. */
export const FOLLOWS = [
  { id: 1, userid: 'Anna', name: '王小明', remark: '北京采购', tags: [GOLD, BLUE], employee_pk: 21 },
  { id: 2, userid: 'Bert', name: '李雷', remark: '', tags: [BLUE], employee_pk: null, status: -1, uid: 7 },
  { id: 3, userid: 'Anna', name: '韩梅梅', remark: '京 100%', tags: [], employee_pk: 21, add_way: '9' },
  { id: 4, userid: 'Anna', name: '没有', remark: '北京采购', tags: [], employee_pk: 21, deleted_at: DELETED },
  { id: 5, userid: 'Anna', name: '王小明', remark: '北京采购', tags: [FOREIGN], employee_pk: 22, crop_id: 5 },
];

/** Fills the tables of the first migration: two enterprises that user `manager`, password `password`, may manage. */
export async function fillFirstSchema(dataSource: DataSource): Promise<void> {
  const insert = (table: string, row: Row) =>
    dataSource.query(
      `INSERT INTO ${table} (${Object.keys(row).join(', ')}) VALUES (${Object.keys(row)
        .map(() => '?')
        .join(', ')})`,
      Object.values(row),
    );
  const { userId } = await buildUser(dataSource, { username: 'manager' });
  for (const id of [1, 5]) {
    await insert('enterprise', { id, uniacid: 2, name: `企业${id}` });
    await insert('enterprise_right', { uniacid: 2, business_id: id, user_id: userId, identity: 2 });
  }
  for (const tag of [GOLD, BLUE, FOREIGN]) await insert('wechat_tag', tag);
  for (const employee of [ANNA, FOREIGN_ANNA]) await insert('wechat_employee', employee);
  for (const { id, name, tags, uid = 0, crop_id = 1, ...columns } of FOLLOWS) {
    const externalUserid = `wm${id}`;
    const contact = await buildContact(dataSource, { enterpriseId: crop_id, externalUserid, name, memberUid: uid });
    const row = { uniacid: 2, crop_id, external_userid: externalUserid, customer_pk: contact.id, ...columns };
    const tag_id = tags.map((tag) => tag.tag_id).join(',');
    await insert('wechat_follow', { id, createtime: 1_700_000_000 + id, ...row, tag_id });
    for (const tag of tags) await insert('wechat_follow_tag', { tag_pk: tag.id, follow_id: id });
  }
}
