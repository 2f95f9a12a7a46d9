import { hash } from 'node:crypto';
import Fastify, { FastifyReply, FastifyRequest } from 'fastify';
import { parse, stringify } from 'qs';
import { Duties } from './duties';

/**
 * The benchmarked routes written by hand for speed alone: no framework but Fastify, no validation, no ORM. `Store` is
 * the engine's part; everything here is shared by both engines, and by the fair server, which has {@link Duties} too.
 */
export interface Store {
  /** Every session, with the enterprise its user has chosen in each uniacid. */
  sessions(): Promise<SessionRow[]>;
  /** The tags (id descending) and the employees (user_id ascending) of an enterprise. */
  lists(tenant: Tenant): Promise<Lists>;
  relation(userId: number, customerId: number): MaybePromise<object | undefined>;
  /** A page and the total of one user's relations, or of all users'. */
  relations(userId: number | undefined, limit: number, offset: number): MaybePromise<{ rows: object[]; total: number }>;
  lookUp(userId: number, customerId: number, subject: string, since: number): MaybePromise<Known | undefined>;
  /** @param audit its line in the audit log, written in the same transaction */
  insert(row: NewRelation, audit?: AuditLine): MaybePromise<void>;
  follows(
    tenant: Tenant,
    search: Search,
    limit: number,
    offset: number,
  ): MaybePromise<{ rows: FollowRow[]; total: number }>;
}

type MaybePromise<T> = T | Promise<T>;

export interface SessionRow {
  token_hash: string;
  user_id: number;
  username: string;
  is_super: number;
  uniacid: number | null;
  business_id: number | null;
}

export interface Tenant {
  uniacid: number;
  enterpriseId: number;
}

export interface Lists {
  tags: { tag_id: string; name: string }[];
  employees: object[];
}

/** What `add` needs to know of a pair. */
export interface Known {
  secret: string | null;
  followed: number | null;
  /** Number of wrong codes since the given moment. */
  failed: number;
}

export interface NewRelation {
  user_id: number;
  customer_id: number;
  template: string | null;
  script: string | null;
  reference: string;
  created: string;
}

/** The line of the audit log for an `add`. */
export interface AuditLine {
  at: string;
  actor_id: number;
  actor: string;
  user_id: number;
  customer_id: number;
  changes: string;
}

/** The filters of getList that the benchmark uses. */
export interface Search {
  status?: string;
  employee_member?: string;
  tags_data?: string;
  time?: [string, string];
  customer?: string;
  remark?: string;
}

/** A row of getList, complete except for the names of its tags. */
export interface FollowRow {
  follow: { tag_id: string };
  customer: object | null;
  employee: object | null;
}

interface Actor {
  userId: number;
  username: string;
  isSuper: boolean;
  tenants: Map<number, Tenant>;
}

interface Parameters {
  user_id?: string | number;
  customer_id?: string | number;
  page_index?: string | number;
  page_size?: string | number;
  condition?: string;
  secret?: string;
  template?: string;
  script?: string;
  reference?: string;
  search?: Search;
  page?: string | number;
  per_page?: string | number;
}

const JSON_TYPE = 'application/json; charset=utf-8';
const MAX_FAILURES = 10;
const WINDOW_SECONDS = 15 * 60;
const EIGHT_HOURS_MS = 8 * 3600 * 1000;

/**
 * @param listsAsBytes keep the JSON of tags and employees as bytes and append it, instead of encoding it at each call
 */
export async function serveByHand(store: Store, listsAsBytes: boolean): Promise<void> {
  const actors = actorsOf(await store.sessions());
  const lists = new Map<string, Lists & { bytes: Buffer }>();
  for (const { tenants } of actors.values()) {
    for (const tenant of tenants.values()) {
      const key = keyOf(tenant);
      if (!lists.has(key)) lists.set(key, withBytes(await store.lists(tenant)));
    }
  }

  const app = Fastify({ routerOptions: { querystringParser: (text) => parse(text) } });
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, parse(String(body))),
  );

  const duties = process.env.FAIR ? new Duties(app) : undefined;

  const actorOf = (request: FastifyRequest) => {
    const actor = actors.get(hash('sha256', (request.headers.authorization ?? '').slice('Bearer '.length)));
    if (actor) duties?.countUser(request, actor.userId);
    return actor;
  };

  const mix = (path: string, answer: (parameters: Parameters, actor: Actor) => Promise<string>) =>
    app.post(`/api/user_customer/${path}`, async (request, reply) => {
      const actor = actorOf(request);
      reply.header('content-type', JSON_TYPE);
      return actor ? answer(request.body ?? {}, actor) : mixFailure('Token不合法，请重新登录', 401, 230014);
    });

  mix('get', async ({ user_id, customer_id }, actor) => {
    if (!actor.isSuper && actor.userId !== Number(user_id)) return mixFailure('无权操作该用户的数据');
    const row = await store.relation(Number(user_id), Number(customer_id));
    return row ? mixSuccess('查询成功', row) : mixFailure('记录不存在');
  });

  const relationPage = async ({ page_index = 1, page_size = 20 }: Parameters, userId?: number) => {
    const [index, size] = [Number(page_index), Number(page_size)];
    const { rows, total } = await store.relations(userId, size, (index - 1) * size);
    return mixSuccess('查询成功', {
      page_index: index,
      page_size: size,
      total_pages: Math.ceil(total / size),
      total_records: total,
      data: rows,
    });
  };

  mix('get_customer_list', async (parameters, actor) => {
    const userId = Number(parameters.user_id);
    if (!actor.isSuper && actor.userId !== userId) return mixFailure('无权操作该用户的数据');
    return relationPage(parameters, userId);
  });

  // Supports only the condition that the benchmark sends: [["user_id", "=", "…"]].
  mix('get_list', async (parameters, actor) => {
    const { condition } = parameters;
    if (!actor.isSuper) return relationPage(parameters, actor.userId);
    const [[, , userId]] = (condition ? JSON.parse(condition) : [[]]) as [unknown[]];
    return relationPage(parameters, userId === undefined ? undefined : Number(userId));
  });

  mix('add', async (parameters, actor) => {
    const [userId, customerId] = [Number(parameters.user_id), Number(parameters.customer_id)];
    if (!actor.isSuper && actor.userId !== userId) return mixFailure('无权操作该用户的数据');
    const now = Date.now();
    const since = Math.floor(now / 1000) - WINDOW_SECONDS;
    const known = await store.lookUp(userId, customerId, `customer-secret:${actor.userId}`, since);
    if (!known) return mixFailure('用户不存在');
    if (known.followed !== null) return mixFailure('已关注该客户');
    if (known.failed >= MAX_FAILURES) return mixFailure('授权码错误次数过多，请15分钟后重试');
    if (known.secret !== parameters.secret) return mixFailure('授权码错误');
    const row = {
      user_id: userId,
      customer_id: customerId,
      template: parameters.template ?? null,
      script: parameters.script ?? null,
      reference: parameters.reference ?? '',
      created: new Date(now + EIGHT_HOURS_MS).toISOString().slice(0, 19).replace('T', ' '),
    };
    await store.insert(row, duties && auditOf(row, actor));
    return mixSuccess('添加成功', []);
  });

  const getList = async (request: FastifyRequest, reply: FastifyReply) => {
    reply.header('content-type', JSON_TYPE);
    const parameters = (request.body ?? request.query) as Parameters;
    const tenant = actorOf(request)?.tenants.get(Number((request.params as { uniacid: string }).uniacid));
    if (!tenant) return '{"result":0,"msg":"请登录","data":{"login_status":1}}';
    const { tags, employees, bytes } = lists.get(keyOf(tenant))!;
    const { search = {}, page = 1, per_page = 15 } = parameters;
    const [current, perPage] = [Number(page), Number(per_page)];
    const { rows, total } = await store.follows(tenant, search, perPage, (current - 1) * perPage);
    const path = (process.env.PUBLIC_URL ?? '') + request.url.replace(/\?.*/s, '');
    const data = {
      ...laravelPage(
        rows.map((row) => followReply(row, tags)),
        total,
        current,
        perPage,
        (number) => `${path}?${stringify({ page: number, per_page: parameters.per_page, search: parameters.search })}`,
        path,
      ),
      count: total,
    };
    if (!listsAsBytes)
      return JSON.stringify({ result: 1, msg: 'ok', data: { ...data, tag: tags, employee: employees } });
    const head = JSON.stringify({ result: 1, msg: 'ok', data }).slice(0, -'}}'.length);
    return Buffer.concat([Buffer.from(head), bytes]);
  };
  app.get('/business/:uniacid/plugin/WechatCustomers/getList', getList);
  app.post('/business/:uniacid/plugin/WechatCustomers/getList', getList);

  await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
  console.log('ready');
}

function actorsOf(rows: SessionRow[]): Map<string, Actor> {
  const actors = new Map<string, Actor>();
  for (const { token_hash, user_id, username, is_super, uniacid, business_id } of rows) {
    const actor = actors.get(token_hash) ?? { userId: user_id, username, isSuper: is_super === 1, tenants: new Map() };
    if (uniacid !== null && business_id !== null) actor.tenants.set(uniacid, { uniacid, enterpriseId: business_id });
    actors.set(token_hash, actor);
  }
  return actors;
}

function auditOf({ user_id, customer_id, template, script, reference, created }: NewRelation, actor: Actor): AuditLine {
  const changes = {
    template: { old: null, new: template },
    script: { old: null, new: script },
    reference: { old: null, new: reference },
  };
  const { userId: actor_id, username } = actor;
  return { at: created, actor_id, actor: username, user_id, customer_id, changes: JSON.stringify(changes) };
}

const keyOf = ({ uniacid, enterpriseId }: Tenant) => `${uniacid}/${enterpriseId}`;

function withBytes(lists: Lists) {
  const { tags, employees } = lists;
  return { ...lists, bytes: Buffer.from(`,"tag":${JSON.stringify(tags)},"employee":${JSON.stringify(employees)}}}`) };
}

function mixSuccess(msg: string, result: object): string {
  return JSON.stringify({ code: 200, msg, mix_code: 130001, mix_msg: '', mix_ext: '', result });
}

function mixFailure(msg: string, code = 500, mixCode = 230001): string {
  return JSON.stringify({ code, msg, mix_code: mixCode, mix_msg: '', mix_ext: '', result: [] });
}

function followReply({ follow, customer, employee }: FollowRow, tags: Lists['tags']) {
  const worn = new Set(follow.tag_id.split(','));
  const names = tags.filter(({ tag_id }) => worn.has(tag_id)).map(({ name }) => name);
  return { ...follow, tag_name: names.join(','), has_one_customer: customer, has_one_employee: employee };
}

function laravelPage(
  rows: object[],
  total: number,
  current: number,
  perPage: number,
  urlOf: (page: number) => string,
  path: string,
) {
  const last = Math.max(Math.ceil(total / perPage), 1);
  const first = rows.length > 0 ? (current - 1) * perPage + 1 : null;
  return {
    current_page: current,
    data: rows,
    first_page_url: urlOf(1),
    from: first,
    last_page: last,
    last_page_url: urlOf(last),
    next_page_url: current < last ? urlOf(current + 1) : null,
    path,
    per_page: perPage,
    prev_page_url: current > 1 ? urlOf(current - 1) : null,
    to: first && first + rows.length - 1,
    total,
  };
}
