import { Refusal } from '../errors';
import type { Relation } from '../data';
import type { Call, Route } from './route';
import { followerOf, invalid, text, texts } from './route';

const MAX_MOBILES = 5;

/** The writable fields: the longest text in characters. `remark_company` is read as `remark_corp_name`. */
const REMARK_TEXTS = { remark: 20, description: 150, remark_company: 20 } as const;
const REMARK_FIELDS = [...Object.keys(REMARK_TEXTS), 'remark_mobiles', 'remark_pic_mediaid'];

/** No callback follows, as none does of a change through the API. */
export const remark: Route = {
  method: 'POST',
  empty: {},
  contactsSync: 48002,
  isWrite: true,
  answer(call) {
    const { corp, params } = call;
    if (!REMARK_FIELDS.some((name) => params[name] !== undefined)) throw new Refusal(40063, 'remark');
    for (const [name, longest] of Object.entries(REMARK_TEXTS)) assertText(params, name, longest);
    const mobiles = texts(params, 'remark_mobiles');
    if (mobiles && mobiles.length > MAX_MOBILES) throw invalid('remark_mobiles', `exceed max length ${MAX_MOBILES}`);
    const { externalUserid, follow } = relationOf(call);
    if (params.remark_company !== undefined && corp.readContact(externalUserid)!.type !== 1) {
      throw invalid('remark_company', 'is of WeChat users alone');
    }
    if (params.remark !== undefined) follow.remark = text(params, 'remark');
    if (params.description !== undefined) follow.description = text(params, 'description');
    if (params.remark_company !== undefined) follow.remark_corp_name = text(params, 'remark_company');
    if (mobiles) follow.remark_mobiles = mobiles.filter((mobile) => mobile !== '');
    return {};
  },
};

export const markTag: Route = {
  method: 'POST',
  empty: {},
  contactsSync: 48002,
  isWrite: true,
  answer(call) {
    const { corp, params } = call;
    const added = texts(params, 'add_tag') ?? [];
    const removed = texts(params, 'remove_tag') ?? [];
    if (added.length + removed.length === 0) throw new Refusal(40063, 'add_tag');
    if (![...added, ...removed].every((id) => corp.findTag(id) ?? corp.strategyTags.has(id))) throw new Refusal(40068);
    const { follow } = relationOf(call);
    const kept = follow.tag_id.filter((id) => !removed.includes(id));
    follow.tag_id = [...new Set([...kept, ...added])];
    return {};
  },
};

/** @throws Refusal 84061 if the pair is none */
function relationOf(call: Call): Relation {
  const { corp, params } = call;
  const employee = followerOf(call, text(params, 'userid'));
  const id = text(params, 'external_userid');
  if (!id) throw new Refusal(41035);
  if (!corp.readContact(id)) throw new Refusal(40096);
  const relation = corp.findRelation(employee.userid, id);
  if (relation?.standing !== 'mutual' && relation?.standing !== 'customer-left') throw new Refusal(84061);
  return relation;
}

function assertText(params: Call['params'], name: string, longest: number): void {
  const value = params[name];
  if (value === undefined) return;
  if (typeof value !== 'string') throw invalid(name, 'expect type string');
  if ([...value].length > longest) throw invalid(name, `exceed max length ${longest}`);
}
