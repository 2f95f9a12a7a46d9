import type { EntityManager } from 'typeorm';
import { dialectOf } from '../../database/dialect';
import { placeholders } from '../../database/where';
import type { Tenant } from '../../enterprise/tenant';
import { tagIdsOf } from '../tag-ids';

/** The facts of a live follow from which its search rows are derived. */
export interface Facts {
  id: number;
  userid: string;
  createtime: number;
  status: number;
  add_way: string;
  /** The contact's type; {@link NO_TYPE} without a contact. */
  external_type: number;
  /** The contact's member; 0: none, null without a contact. */
  customer_uid: number | null;
  /** The contact's name; null without a contact. */
  name: string | null;
  remark: string;
  /** Keys of the live tags in `tag_id`. */
  tagPks: number[];
}

/** Reads the facts of an enterprise's follows and locks these until the transaction ends. */
export async function readFacts(
  manager: EntityManager,
  { uniacid, enterpriseId }: Tenant,
  tagPks: ReadonlyMap<string, number>,
  ids: number[],
): Promise<Facts[]> {
  if (ids.length === 0) return [];
  const rows = await manager.query<(Omit<Facts, 'tagPks'> & { tag_id: string })[]>(
    `SELECT follow.id, follow.userid, follow.createtime, follow.customer_uid, follow.status, follow.add_way,
       follow.external_type, follow.remark, follow.tag_id, contact.name
     FROM wechat_follow follow
     LEFT JOIN wechat_customer contact ON contact.uniacid = follow.uniacid AND contact.crop_id = follow.crop_id
       AND contact.external_userid = follow.external_userid AND contact.deleted_at IS NULL
     WHERE follow.id IN (${placeholders(ids)}) AND follow.uniacid = ? AND follow.crop_id = ?
       AND follow.deleted_at IS NULL
     ORDER BY follow.id ${dialectOf(manager.dataSource).forUpdate}`,
    [...ids, uniacid, enterpriseId],
  );
  return rows.map(({ tag_id, ...facts }) => {
    const pks = tagIdsOf(tag_id).flatMap((tagId) => tagPks.get(tagId) ?? []);
    return { ...facts, tagPks: [...new Set(pks)] };
  });
}

/** The keys of an enterprise's live tags by their WeCom id. */
export async function readTagPks(
  manager: EntityManager,
  { uniacid, enterpriseId }: Tenant,
): Promise<Map<string, number>> {
  const rows = await manager.query<{ id: number; tag_id: string }[]>(
    'SELECT id, tag_id FROM wechat_tag WHERE uniacid = ? AND crop_id = ? AND deleted_at IS NULL',
    [uniacid, enterpriseId],
  );
  return new Map(rows.map(({ id, tag_id }) => [tag_id, id]));
}

/** The type of a follow whose contact is missing or deleted: the row shows none, and no filter can name this one. */
const NO_TYPE = -1;

/**
 * Copies the member and type of each follow's contact, found by external_userid, to the follow, so that filters speak
 * of what the row shows (CONTRACT 2.3). The contact's key is for processes of the version before, which read it.
 * @param ids the follows to update; without them all follows of all enterprises
 */
export async function copyFromContacts(manager: EntityManager, ids?: number[]): Promise<void> {
  const ofContact = (column: string, andLive = '') =>
    `(SELECT contact.${column} FROM wechat_customer contact WHERE contact.uniacid = wechat_follow.uniacid
      AND contact.crop_id = wechat_follow.crop_id AND contact.external_userid = wechat_follow.external_userid ${andLive})`;
  const ofLiveContact = (column: string) => ofContact(column, 'AND contact.deleted_at IS NULL');
  await manager.query(
    `UPDATE wechat_follow SET customer_pk = ${ofContact('id')}, customer_uid = ${ofLiveContact('uid')},
       external_type = COALESCE(${ofLiveContact('external_type')}, ${NO_TYPE})
     ${ids ? `WHERE id IN (${placeholders(ids)})` : ''}`,
    ids,
  );
}
