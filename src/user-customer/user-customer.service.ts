import { Injectable } from '@nestjs/common';
import { boundedOf } from '../audit/bounded-text';
import { changesBetween } from '../audit/changes';
import { Entry, inserted } from '../audit/note';
import { guesserOfSecrets } from '../auth/attempts/allowances';
import { AttemptLimiter, TooManyAttempts } from '../auth/attempts/attempt-limiter';
import { Actor, assertMayActFor, confinedTo } from '../auth/policy';
import { isSameSecret } from '../base/secrets';
import { isDuplicateKey } from '../database/errors';
import { Sql } from '../database/sql';
import { toListFilter } from './list/list-filter';
import { ListPages } from './list/list-pages';
import { AlreadyFollowed, RecordNotFound, UserNotFound, WrongSecret } from './errors';
import {
  deleteRelations,
  EditableValues,
  insertRelation,
  KnownPair,
  knownPair,
  LockedRelation,
  lockedRelations,
  lockedValues,
  oneRelation,
  relationList,
  updateRelation,
} from './relation-query';
import { AddDto, EditDto, GetCustomerListDto, GetListDto, MultiDeleteDto, PairDto } from './user-customer.dto';
import { RelationPageReply, RelationReply } from './user-customer.reply';

/**
 * Reads and writes the relations of family A. Every method throws NotYourData when the actor may not act for the user
 * concerned.
 */
@Injectable()
export class UserCustomerService {
  constructor(
    private readonly sql: Sql,
    private readonly lists: ListPages,
    private readonly limiter: AttemptLimiter,
  ) {}

  /** Users without is_super see only their own rows, whatever they ask for. */
  async getList(dto: GetListDto, actor: Actor): Promise<RelationPageReply> {
    const filter = { userId: confinedTo(actor), ...toListFilter(dto) };
    return this.lists.read(relationList(filter, this.sql.dialect), dto);
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
    const filter = { userId: dto.user_id, ...toListFilter(dto) };
    return this.lists.read(relationList(filter, this.sql.dialect), dto);
  }

  /**
   * @param address the client's address, by which wrong codes are counted
   * @throws AlreadyFollowed, UserNotFound, WrongSecret, TooManyAttempts
   */
  async add(dto: AddDto, actor: Actor, address: string): Promise<void> {
    const { user_id: userId, customer_id: customerId } = dto;
    assertMayActFor(actor, userId);
    await this.limiter.attempt(
      guesserOfSecrets(actor.userId, address),
      async (exhausted) => {
        const [known] = await this.sql.rows<KnownPair>(knownPair(userId, customerId, exhausted));
        if (!known) throw new UserNotFound();
        if (known.followed !== null) throw new AlreadyFollowed();
        return known;
      },
      // An unknown customer has the secret '', which no client can send.
      ({ secret }) => isSameSecret(secret ?? '', dto.secret),
      { whenWrong: () => new WrongSecret(), whenExhausted: () => new TooManyAttempts('授权码') },
    );
    const { template = null, script = null, reference = '' } = dto;
    const values = { template, script, reference };
    const relation = insertRelation({ userId, customerId, ...values }, this.sql.dialect);
    try {
      await this.sql.transaction(async (transaction) => {
        if ((await transaction.change(relation)) === 0) throw new WrongSecret(); // the customer was deleted meanwhile
        const changes = changesBetween(null, values);
        await transaction.change(inserted({ ...of(userId, customerId, actor), action: 'add', changes }));
      });
    } catch (error) {
      throw isDuplicateKey(error) ? new AlreadyFollowed() : error;
    }
  }

  /** @throws RecordNotFound */
  async edit(dto: EditDto, actor: Actor): Promise<void> {
    const { user_id: userId, customer_id: customerId, template, script, reference } = dto;
    assertMayActFor(actor, userId);
    await this.sql.transaction(async (transaction) => {
      const [stored] = await transaction.rows<EditableValues>(lockedValues(userId, customerId, this.sql.dialect));
      if (!stored) throw new RecordNotFound();
      const values = changedValues(stored, { template, script, reference });
      if (Object.keys(values).length === 0) return;
      const changes = changesBetween({ ...stored }, values);
      await transaction.change(inserted({ ...of(userId, customerId, actor), action: 'edit', changes }));
      await transaction.change(updateRelation(userId, customerId, values));
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
    await this.sql.transaction(async (transaction) => {
      // Only relations that exist now are deleted: one added a moment later would lack its line in the audit log.
      const locked = await transaction.rows<LockedRelation>(lockedRelations(userId, asked, this.sql.dialect));
      if (locked.length === 0) throw new RecordNotFound();
      await transaction.change(inserted(...locked.map((row) => deletionOf(row, userId, actor))));
      const ids = locked.map((row) => row.customer_id);
      await transaction.change(deleteRelations(userId, ids));
    });
  }
}

/** The values of an edit that differ from the stored ones. */
function changedValues(stored: EditableValues, named: Partial<EditableValues>): Partial<EditableValues> {
  const isChange = ([field, value]: [string, unknown]) =>
    value !== undefined && value !== stored[field as keyof EditableValues];
  return Object.fromEntries(Object.entries(named).filter(isChange));
}

/** What entries about a relation have in common. */
function of(userId: number, customerId: number, actor: Actor) {
  return { kind: 'relation', actor, userId, customerId } as const;
}

function deletionOf(row: LockedRelation, userId: number, actor: Actor): Entry {
  const { customer_id: customerId, reference } = row;
  const values = { template: boundedOf(row, 'template'), script: boundedOf(row, 'script'), reference };
  return { ...of(userId, customerId, actor), action: 'delete', changes: changesBetween(values, null) };
}
