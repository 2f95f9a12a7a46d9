import { Position } from '../cursors';
import { Refusal } from '../errors';
import type { Contact, Employee, Relation } from '../data';
import type { Corp } from '../world';
import type { Call, Route } from './route';
import { followerOf, invalid, isVisible, text, texts } from './route';

const MAX_USERIDS = 100;
const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 100;

export const list: Route = {
  method: 'GET',
  empty: { external_userid: [] },
  list: 'external_userid',
  contactsSync: 48002,
  answer(call) {
    const employee = followerOf(call, text(call.params, 'userid'));
    const ids = Array.from(call.corp.listed(employee), ({ externalUserid }) => externalUserid);
    if (ids.length === 0) throw new Refusal(84061);
    return { external_userid: ids };
  },
};

export const get: Route = {
  method: 'GET',
  empty: { external_contact: {}, follow_user: [] },
  list: 'follow_user',
  contactsSync: 48002,
  answer(call) {
    const { corp, app, params } = call;
    const id = text(params, 'external_userid');
    if (!id) throw new Refusal(41035);
    const contact = corp.readContact(id);
    if (!contact) throw new Refusal(40096);
    const listName = `get\n${app.secret}\n${id}`;
    const { after, page } = corp.cursors.read(listName, text(params, 'cursor'));
    const all = [...corp.shown(id)];
    const seen = all.filter(({ employee }) => isVisible(app, employee));
    if (seen.length === 0) throw new Refusal(all.length === 0 ? 84061 : 40096);
    const rest = seen.filter(({ order }) => order > after);
    const rows = rest.slice(0, corp.followersPerPage);
    const cursor =
      rest.length > rows.length
        ? corp.cursors.write(listName, { index: 0, after: rows.at(-1)!.order, page: page + 1 })
        : '';
    return {
      external_contact: contact,
      follow_user: rows.map((relation) => follower(corp, relation)),
      ...(seen.length > corp.followersPerPage && nextCursor(corp, cursor)),
    };
  },
};

/** One row a pair: `follow_info` has the ids of tags alone, and no personal ones. */
export const getByUser: Route = {
  method: 'POST',
  empty: { external_contact_list: [] },
  list: 'external_contact_list',
  contactsSync: 48002,
  answer(call) {
    const { corp, app, params } = call;
    const userids = texts(params, 'userid_list') ?? [];
    if (userids.length === 0) throw new Refusal(40063, 'userid_list');
    if (userids.length > MAX_USERIDS) throw new Refusal(40032);
    const employees = userids.map((userid) => followerOf(call, userid));
    const listName = `batch\n${app.secret}\n${employees.map(({ userid }) => userid).join('\n')}`;
    const position = corp.cursors.read(listName, text(params, 'cursor'));
    const size = sizeOf(corp, position.page, limitOf(params));
    const { rows, next } = pageFrom(corp, employees, position, size);
    const isEmpty = rows.length === 0 && !next && position.page === 1;
    if (isEmpty && corp.emptyBatch === '84061') throw new Refusal(84061);
    const contacts = new Map<string, Contact>();
    for (const { externalUserid } of rows) contacts.set(externalUserid, corp.readContact(externalUserid)!);
    return {
      external_contact_list: rows.map((relation) => ({
        external_contact: contacts.get(relation.externalUserid),
        follow_info: followInfo(corp, relation),
      })),
      ...nextCursor(corp, next ? corp.cursors.write(listName, next) : ''),
    };
  },
};

function limitOf({ limit }: Call['params']): number {
  if (limit === undefined || limit === null) return DEFAULT_LIMIT;
  if (typeof limit !== 'number' || !Number.isInteger(limit)) throw invalid('limit', 'expect type int');
  return limit <= 0 ? DEFAULT_LIMIT : Math.min(limit, MAX_LIMIT);
}

function sizeOf({ pageSizes }: Corp, page: number, limit: number): number {
  if (pageSizes.length === 0) return limit;
  if (pageSizes.every((size) => size === 0)) throw new Error('pages that are all empty never end');
  return Math.min(limit, pageSizes[(page - 1) % pageSizes.length]!);
}

/** Goes on behind a relation, not behind a count, so that a row that disappears does not hide another. */
function pageFrom(corp: Corp, employees: Employee[], position: Position, size: number) {
  const rows: Relation[] = [];
  let end: Position = position;
  for (let { index, after } = position; index < employees.length; index++, after = -1) {
    for (const relation of corp.listed(employees[index]!, after)) {
      if (rows.length === size) return { rows, next: { ...end, page: position.page + 1 } };
      rows.push(relation);
      end = { ...end, index, after: relation.order };
    }
  }
  const isFull = rows.length > 0 && rows.length === size;
  const next = corp.endsWithEmptyPage && isFull ? { ...end, page: position.page + 1 } : undefined;
  return { rows, next };
}

function nextCursor({ omitsEmptyCursor }: Corp, cursor: string): object {
  return cursor === '' && omitsEmptyCursor ? {} : { next_cursor: cursor };
}

function followInfo(corp: Corp, { employee, follow }: Relation): object {
  const { remark, description, createtime, tag_id, ...rest } = follow;
  delete rest.personal_tags;
  return { userid: employee.userid, remark, description, createtime, tag_id: corp.liveTags(tag_id), ...rest };
}

function follower(corp: Corp, { employee, follow }: Relation): object {
  const { personal_tags = [], remark, description, createtime, tag_id, ...rest } = follow;
  const tags = [
    ...corp.liveTags(tag_id).map((id) => namedTag(corp, id)),
    ...personal_tags.map((tag_name) => ({ group_name: '个人', tag_name, type: 2 })),
  ];
  return { userid: employee.userid, remark, description, createtime, tags, ...rest };
}

function namedTag(corp: Corp, tag_id: string): object {
  const strategy = corp.strategyTags.get(tag_id);
  if (strategy) return { ...strategy, tag_id, type: 3 };
  const group = corp.tagGroups.find(({ tag }) => tag.some(({ id }) => id === tag_id));
  const tag_name = group?.tag.find(({ id }) => id === tag_id)?.name ?? '';
  return { group_name: group?.group_name ?? '', tag_name, tag_id, type: tag_id.startsWith('st') ? 3 : 1 };
}
