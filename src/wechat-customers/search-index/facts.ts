import type { EntityManager } from 'typeorm';
import { dialectOf } from '../../database/dialect';
import { sameTextSql } from '../../database/same-text';
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
export function lockFacts(
  manager: EntityManager,
  tenant: Tenant,
  tagPks: ReadonlyMap<string, number>,
  ids: number[],
): Promise<Facts[]> {
  return readFacts(manager, tenant, tagPks, ids, dialectOf(manager.dataSource).forUpdate);
}

/**
 * The facts of an enterprise's live follows, by ascending id.
 * @param tagPks keys of the enterprise's live tags by WeCom's id
 * @param ids of follows; those deleted or of other enterprises are left out
 * @param lock SQL after the SELECT, empty to wait for no writer
 */
export async function readFacts(
  manager: EntityManager,
  { uniacid, enterpriseId }: Tenant,
  tagPks: ReadonlyMap<string, number>,
  ids: number[],
  lock = '',
): Promise<Facts[]> {
  if (ids.length === 0) return [];
  const rows = await manager.query<(Omit<Facts, 'tagPks'> & { tag_id: string })[]>(
    `SELECT follow.id, follow.userid, follow.createtime, follow.customer_uid, follow.status, follow.add_way,
       follow.external_type, follow.remark, follow.tag_id, contact.name
     FROM wechat_follow follow
     LEFT JOIN wechat_customer contact ON contact.uniacid = follow.uniacid AND contact.crop_id = follow.crop_id
       AND ${sameTextSql('contact.external_userid', 'follow.external_userid')} AND contact.deleted_at IS NULL
     WHERE follow.id IN (${placeholders(ids)}) AND follow.uniacid = ? AND follow.crop_id = ?
       AND follow.deleted_at IS NULL
     ORDER BY follow.id ${lock}`,
    [...ids, uniacid, enterpriseId],
  );
  return rows.map(({ tag_id, ...facts }) => {
    const pks = tagIdsOf(tag_id).flatMap((tagId) => tagPks.get(tagId) ?? []);
    return { ...facts, tagPks: [...new Set(pks)] };
  });
}

/** Bounds the tags that one statement is asked for; of more than these, all are read. */
const MAX_TAGS_ASKED = 2000;

/**
 * The keys of an enterprise's live tags by their WeCom id.
 * @param only the ids needed; without it all
 */
export async function readTagPks(
  manager: EntityManager,
  { uniacid, enterpriseId }: Tenant,
  only?: ReadonlySet<string>,
): Promise<Map<string, number>> {
  if (only?.size === 0) return new Map();
  const ids = only && only.size <= MAX_TAGS_ASKED ? [...only] : [];
  const rows = await manager.query<{ id: number; tag_id: string }[]>(
    `SELECT id, tag_id FROM wechat_tag WHERE uniacid = ? AND crop_id = ? AND deleted_at IS NULL
     ${ids.length > 0 ? `AND tag_id IN (${placeholders(ids)})` : ''}`,
    [uniacid, enterpriseId, ...ids],
  );
  return new Map(rows.map(({ id, tag_id }) => [tag_id, id]));
}

/** The type of a follow whose contact is missing or deleted: the row shows none, and no filter can name this one. */
export const NO_TYPE = -1;

/** The condition on a follow's contact, deleted or not. */
const IS_ITS_CONTACT = `contact.uniacid = wechat_follow.uniacid AND contact.crop_id = wechat_follow.crop_id
  AND ${sameTextSql('contact.external_userid', 'wechat_follow.external_userid')}`;

const ofLive = (column: string) => `CASE WHEN contact.deleted_at IS NULL THEN contact.${column} END`;

/** The columns of a follow that are copies, what of the contact each is a copy of, and what it is without one. */
const COPIES = [
  ['customer_pk', 'contact.id', 'NULL'],
  ['customer_uid', ofLive('uid'), 'NULL'],
  ['external_type', ofLive('external_type'), NO_TYPE],
];

/**
 * Copies the member and type of each follow's contact, found by external_userid, to the follow, so that filters speak
 * of what the row shows (CONTRACT 2.3). The contact's key is for processes of the version before, which read it.
 * @param ids the follows to update; without them all follows of all enterprises
 */
export async function copyFromContacts(manager: EntityManager, ids?: number[]): Promise<void> {
  const copies = COPIES.map(
    ([copy, of, otherwise]) =>
      `${copy} = COALESCE((SELECT ${of} FROM wechat_customer contact WHERE ${IS_ITS_CONTACT}), ${otherwise})`,
  );
  await manager.query(
    `UPDATE wechat_follow SET ${copies.join(', ')} ${ids ? `WHERE id IN (${placeholders(ids)})` : ''}`,
    ids,
  );
}

/**
 * Those of the follows, deleted ones too, that {@link copyFromContacts} would change. By a join: a SELECT's subqueries
 * are cached by MariaDB, which takes `a ` for `a`.
 */
export async function withStaleCopies(manager: EntityManager, ids: number[]): Promise<number[]> {
  const differs = COPIES.map(([copy, of, otherwise]) => {
    const [stored, right] = [`wechat_follow.${copy}`, `COALESCE(${of}, ${otherwise})`];
    return `${stored} <> ${right} OR (${stored} IS NULL) <> (${right} IS NULL)`;
  });
  const rows = await manager.query<{ id: number }[]>(
    `SELECT wechat_follow.id FROM wechat_follow LEFT JOIN wechat_customer contact ON ${IS_ITS_CONTACT}
     WHERE wechat_follow.id IN (${placeholders(ids)}) AND (${differs.join(' OR ')})`,
    ids,
  );
  return rows.map(({ id }) => id);
}
