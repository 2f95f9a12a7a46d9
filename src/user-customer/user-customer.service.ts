import { Inject, Injectable } from '@nestjs/common';
import { DataSource, EntityManager, In } from 'typeorm';
import { guessesBy } from '../auth/attempts/allowances';
import { AttemptLimiter, TooManyAttempts } from '../auth/attempts/attempt-limiter';
import { Actor, assertMayActFor, confinedTo } from '../auth/policy';
import { isSameSecret } from '../base/secrets';
import { ENV, Env } from '../config/env';
import { isDuplicateKey } from '../database/errors';
import { LIST_SQL, Sql } from '../database/sql';
import { inTransaction } from '../database/transaction';
import { wallClock } from '../base/time';
import { BadParameter } from '../http/output/errors';
import { pageOffset, pageSize } from '../http/input/page';
import { Change, noteChange } from './audit/note-change';
import { UserCustomer } from './entities/user-customer.entity';
import { AlreadyFollowed, RecordNotFound, UserNotFound, WrongSecret } from './errors';
import {
  HeldRelation,
  heldRelations,
  insertRelation,
  KnownPair,
  knownPair,
  oneRelation,
  relationCount,
  RelationFilter,
  relationPage,
} from './relation-query';
import {
  AddDto,
  CountedRelation,
  EditDto,
  GetCustomerListDto,
  GetListDto,
  MultiDeleteDto,
  PairDto,
  RelationPageReply,
  RelationReply,
  toRelationPageReply,
} from './user-customer.dto';

/**
 * Reads and writes the relations of family A. Every method throws NotYourData when the actor may not act for the user
 * concerned.
 */
@Injectable()
export class UserCustomerService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly sql: Sql,
    @Inject(LIST_SQL) private readonly lists: Sql,
    private readonly limiter: AttemptLimiter,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /** Users without is_super see only their own rows, whatever they ask for. */
  getList(dto: GetListDto, actor: Actor): Promise<RelationPageReply> {
    const { condition: conditions, start_time: startTime, end_time: endTime } = dto;
    if (startTime && endTime && startTime > endTime) throw new BadParameter(['start_time 不能晚于 end_time']);
    return this.page({ userId: confinedTo(actor), conditions, startTime, endTime }, dto);
  }

  /** @throws RecordNotFound */
  async get({ user_id: userId, customer_id: customerId }: PairDto, actor: Actor): Promise<RelationReply> {
    assertMayActFor(actor, userId);
    const [row] = await this.sql.rows<RelationReply>(oneRelation(userId, customerId));
    if (!row) throw new RecordNotFound();
    return row;
  }

  async getCustomerList(dto: GetCustomerListDto, actor: Actor): Promise<RelationPageReply> {
    assertMayActFor(actor, dto.user_id);
    return this.page({ userId: dto.user_id, conditions: [] }, dto);
  }

  /**
   * @param address the client's address, by which wrong codes are counted
   * @throws AlreadyFollowed, UserNotFound, WrongSecret, TooManyAttempts
   */
  async add(dto: AddDto, actor: Actor, address: string): Promise<void> {
    const { user_id: userId, customer_id: customerId } = dto;
    assertMayActFor(actor, userId);
    await this.limiter.attempt(
      guessesBy(actor.userId, address),
      async (exhausted) => {
        const [known] = await this.sql.rows<KnownPair>(knownPair(userId, customerId, exhausted));
        if (!known) throw new UserNotFound();
        if (known.followed !== null) throw new AlreadyFollowed();
        return known;
      },
      // An unknown customer has the secret '', which no client can send.
      ({ secret }) => isSameSecret(secret ?? '', dto.secret),
      { whenWrong: new WrongSecret(), whenExhausted: new TooManyAttempts('授权码') },
    );
    const { template = null, script = null, reference = '' } = dto;
    const relation = insertRelation([userId, customerId, template, script, reference, wallClock()]);
    try {
      await inTransaction(this.dataSource, async (manager) => {
        await manager.query(relation.sql, relation.values);
        await this.note(manager, { actorId: actor.userId, userId, customerIds: [customerId], action: 'add' });
      });
    } catch (error) {
      throw isDuplicateKey(error) ? new AlreadyFollowed() : error;
    }
  }

  /** @throws RecordNotFound */
  async edit(dto: EditDto, actor: Actor): Promise<void> {
    const { user_id: userId, customer_id: customerId, template, script, reference } = dto;
    assertMayActFor(actor, userId);
    await inTransaction(this.dataSource, async (manager) => {
      const [held] = await this.hold(manager, userId, [customerId]);
      if (!held) throw new RecordNotFound();
      const values = changedValues(held, { template, script, reference });
      if (Object.keys(values).length === 0) return;
      await this.note(manager, { actorId: actor.userId, userId, customerIds: [customerId], action: 'edit', values });
      await manager.update(UserCustomer, { userId, customerId }, values);
    });
  }

  /** @throws RecordNotFound */
  delete({ user_id, customer_id }: PairDto, actor: Actor): Promise<void> {
    return this.multiDelete({ user_id, customer_id: [customer_id] }, actor);
  }

  /**
   * Deletes all or nothing, in one transaction; ids that are not followed are skipped. @throws RecordNotFound when none
   * is
   */
  async multiDelete({ user_id: userId, customer_id: asked }: MultiDeleteDto, actor: Actor): Promise<void> {
    assertMayActFor(actor, userId);
    await inTransaction(this.dataSource, async (manager) => {
      const customerIds = (await this.hold(manager, userId, asked)).map((row) => row.customer_id);
      if (customerIds.length === 0) throw new RecordNotFound();
      await this.note(manager, { actorId: actor.userId, userId, customerIds, action: 'delete' });
      await manager.delete(UserCustomer, { userId, customerId: In(customerIds) });
    });
  }

  /**
   * Locks the relations that exist until the transaction ends. Only these are changed: one added a moment later would
   * lack its line in the audit log.
   */
  private hold(manager: EntityManager, userId: number, customerIds: number[]): Promise<HeldRelation[]> {
    const { sql, values } = heldRelations(userId, customerIds, this.sql.dialect);
    return manager.query(sql, values);
  }

  /** Writes the line of the audit log in the transaction of the change. */
  private note(manager: EntityManager, change: Change): Promise<unknown> {
    const { sql, values } = noteChange(change);
    return manager.query(sql, values);
  }

  private async page(filter: RelationFilter, paging: { page_index?: number; page_size?: number }) {
    const { page_index: index = 1 } = paging;
    const size = pageSize('page_size', paging.page_size, this.env.MIX_PAGE_SIZE, this.env.MIX_PAGE_SIZE_MAX);
    const rows = await this.lists.rows<CountedRelation>(relationPage(filter, size, pageOffset(index, size)));
    const total = rows[0]?.total ?? (index === 1 ? 0 : await this.count(filter));
    return toRelationPageReply(rows, total, index, size);
  }

  private async count(filter: RelationFilter): Promise<number> {
    const [row] = await this.lists.rows<{ total: number }>(relationCount(filter));
    return row!.total;
  }
}

/** The values of an edit that differ from the stored ones. */
function changedValues(held: HeldRelation, named: Partial<HeldRelation>): Partial<HeldRelation> {
  const isChange = ([field, value]: [string, unknown]) =>
    value !== undefined && value !== held[field as keyof HeldRelation];
  return Object.fromEntries(Object.entries(named).filter(isChange));
}
