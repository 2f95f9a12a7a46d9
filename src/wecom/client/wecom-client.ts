import { Logger, OnApplicationShutdown } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { Env } from '../../config/env';
import type { Corp } from '../corps/corp';
import { attempt, readAnswer } from './answer';
import { contactOf, getFollowUserList, listContacts, pageOf } from './api/contacts';
import type { WecomContact, WecomFollow, WecomFollower } from './api/contacts';
import { getCorpTagList } from './api/tags';
import type { WecomTagGroup } from './api/tags';
import { userOf } from './api/users';
import type { WecomUser } from './api/users';
import { MarkTagBody, markTag, remark, RemarkBody } from './api/writes';
import { remedyFor } from './codes';
import type { Endpoint, Params } from './endpoint';
import { WecomRefused } from './errors';
import { CallHooks, CallLog, Lanes } from './lanes';
import { TokenStore } from './token-store';
import { Transport } from './transport';

const logger = new Logger('Wecom');

const toLog: CallLog = ({ path, errcode, hint, reason }) =>
  logger.warn(`${path}: ${reason || `errcode ${errcode}`}${hint && `, hint ${hint}`}`);

/** Rows of a page: the most that WeCom gives. */
const PAGE_ROWS = 100;

/** Calls of WeCom for all corps of a process, which share connections, tokens and limits. */
export class WecomClient implements OnApplicationShutdown {
  private readonly transport: Transport;
  private readonly lanes: Lanes;
  private readonly tokens: TokenStore;

  /** @param log hears of each failed try; a command passes one that does not write to standard output */
  constructor(env: Env, dataSource: DataSource, log: CallLog = toLog) {
    this.transport = new Transport(env);
    this.lanes = new Lanes(env, log);
    this.tokens = new TokenStore(env, dataSource, this.transport, this.lanes);
  }

  /** The calls of a corp, for one piece of work. */
  for(corp: Corp, hooks: CallHooks = {}): WecomApi {
    return new WecomApi(corp, (endpoint, params, own) => this.call(corp, endpoint, params, own), hooks);
  }

  /**
   * Fetches a token though one is kept: only gettoken tells whether corp id and secret are still right.
   * @throws WecomRefused, WecomUnavailable, WrongCredentialKey
   */
  async renewToken(corp: Corp): Promise<void> {
    await this.tokens.take(corp, await this.tokens.take(corp));
  }

  /** Ends the calls under way and closes the connections. */
  async close(): Promise<void> {
    await this.transport.close();
  }

  onApplicationShutdown(): Promise<void> {
    return this.close();
  }

  /**
   * Makes a call; with a token that is not valid any more, once again with a fresh one.
   * @throws WecomRefused for a code that stays, or a fresh token that is refused too
   * @throws WecomUnavailable
   */
  private async call<Answer>(
    corp: Corp,
    endpoint: Endpoint<Answer>,
    { query, body }: Params,
    hooks: CallHooks,
  ): Promise<Answer> {
    const { path } = endpoint;
    let failed: string | undefined;
    for (;;) {
      const token = await this.tokens.take(corp, failed);
      const send = () => this.transport.send(path, { access_token: token, ...query }, body);
      const once = () => attempt(send, (answer) => readAnswer(endpoint, answer, [token, corp.secret]));
      const outcome = await this.lanes.run(corp.corpId, path, once, hooks);
      if (outcome.kind === 'answer') return outcome.answer;
      const { refusal } = outcome;
      if (remedyFor(refusal.errcode) !== 'token' || failed !== undefined) throw new WecomRefused(refusal);
      failed = token;
    }
  }
}

type Call = <Answer>(endpoint: Endpoint<Answer>, params: Params, hooks: CallHooks) => Promise<Answer>;

/**
 * The calls of one corp. Each throws {@link WecomRefused} for a code that stays, and `WecomUnavailable` when a passing
 * failure lasts.
 */
export class WecomApi {
  private readonly hooks: CallHooks;
  private waiting = 0;

  constructor(
    readonly corp: Corp,
    private readonly call: Call,
    { onWait, ...hooks }: CallHooks,
  ) {
    // Several calls may wait at once: only the last that goes on ends the wait.
    const wait = (until: Date | null) => {
      this.waiting += until ? 1 : -1;
      if (until || this.waiting === 0) onWait?.(until);
    };
    this.hooks = { ...hooks, onWait: wait };
  }

  /** The employees that have the right to contacts, in the app's visible range. */
  async followers(): Promise<string[]> {
    return (await this.call(getFollowUserList, {}, this.hooks)).follow_user;
  }

  user(userid: string): Promise<WecomUser> {
    return this.call(userOf(userid), { query: { userid } }, this.hooks);
  }

  /**
   * A page of an employee's follows. It may be short or empty: the cursor alone says whether the list goes on.
   * @param cursor empty for the first page
   * @returns `nextCursor` is empty at the end
   */
  async follows(
    userid: string,
    cursor: string,
  ): Promise<{ rows: { contact: WecomContact; follow: WecomFollow }[]; nextCursor: string }> {
    const body = { userid_list: [userid], cursor, limit: PAGE_ROWS };
    const page = await this.call(pageOf(userid), { body }, this.hooks);
    const rows = page.external_contact_list.map((row) => ({ contact: row.external_contact, follow: row.follow_info }));
    return { rows, nextCursor: page.next_cursor };
  }

  /** The ids of an employee's contacts. @throws WecomRefused 84061 if there are none */
  async contactIds(userid: string): Promise<string[]> {
    return (await this.call(listContacts, { query: { userid } }, this.hooks)).external_userid;
  }

  /**
   * A contact with its followers, up to 500 a page.
   * @returns `nextCursor` is empty at the end
   */
  async contact(
    externalUserid: string,
    cursor = '',
  ): Promise<{ contact: WecomContact; followers: WecomFollower[]; nextCursor: string }> {
    const query = { external_userid: externalUserid, ...(cursor && { cursor }) };
    const answer = await this.call(contactOf(externalUserid), { query }, this.hooks);
    return { contact: answer.external_contact, followers: answer.follow_user, nextCursor: answer.next_cursor };
  }

  /** All corp tags. */
  async tagGroups(): Promise<WecomTagGroup[]> {
    return (await this.call(getCorpTagList, { body: { tag_id: [], group_id: [] } }, this.hooks)).tag_group;
  }

  async remark(body: RemarkBody): Promise<void> {
    await this.call(remark, { body }, this.hooks);
  }

  async markTag(body: MarkTagBody): Promise<void> {
    await this.call(markTag, { body }, this.hooks);
  }
}
