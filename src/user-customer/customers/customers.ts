import type { DataSource } from 'typeorm';
import { Changes, changesBetween, HIDDEN, Values } from '../../audit/changes';
import { Action, EntryActor, note } from '../../audit/note';
import { wallClock } from '../../base/time';
import { dialectOf } from '../../database/dialect';
import { isDuplicateKey } from '../../database/errors';
import { insertRows } from '../../database/insert';
import { inTransaction, send } from '../../database/transaction';
import { Customer } from '../entities/customer.entity';
import { RecordNotFound } from '../errors';
import { CUSTOMER_COLUMNS, LockedCustomer, lockedCustomer, lockedFollower } from './customer-query';
import type { AddCustomerDto, EditCustomerDto } from './customers.dto';
import { CustomerExists, CustomerFollowed } from './errors';

/* The changes of customers (CONTRACT 1.4), for the routes and for the commands. */

/** Creates a customer, as of now. @throws CustomerExists */
export async function addCustomer(dataSource: DataSource, dto: AddCustomerDto, actor: EntryActor): Promise<void> {
  const changes = changesBetween(null, notedOf(dto));
  try {
    await inTransaction(dataSource, async (manager) => {
      await insertRows(manager, Customer, { ...columnsOf(dto), created: wallClock() });
      await note(manager, entry('add', dto.customer_id, actor, changes));
    });
  } catch (error) {
    throw isDuplicateKey(error) ? new CustomerExists() : error;
  }
}

/** Changes the texts that are given; the others stay. @throws RecordNotFound */
export async function editCustomer(dataSource: DataSource, dto: EditCustomerDto, actor: EntryActor): Promise<void> {
  const { customer_id: customerId, secret } = dto;
  await inTransaction(dataSource, async (manager) => {
    const [stored] = await send<LockedCustomer>(manager, lockedCustomer(customerId, dialectOf(dataSource)));
    if (!stored) throw new RecordNotFound();
    const hasNewSecret = secret !== undefined && secret !== stored.secret;
    const changes = { ...changesBetween(notedOf(stored), notedOf(dto)), ...(hasNewSecret && { secret: HIDDEN }) };
    await manager.update(Customer, { customerId }, columnsOf(dto));
    await note(manager, entry('edit', customerId, actor, changes));
  });
}

/** Deletes a customer without followers. @throws RecordNotFound, CustomerFollowed */
export async function deleteCustomer(dataSource: DataSource, customerId: number, actor: EntryActor): Promise<void> {
  const dialect = dialectOf(dataSource);
  await inTransaction(dataSource, async (manager) => {
    // First the customer, as `add` of a relation does: one of the two waits, and sees what the other has done.
    const [stored] = await send<LockedCustomer>(manager, lockedCustomer(customerId, dialect));
    if (!stored) throw new RecordNotFound();
    const [follower] = await send(manager, lockedFollower(customerId, dialect));
    if (follower) throw new CustomerFollowed();
    await manager.delete(Customer, { customerId });
    await note(manager, entry('delete', customerId, actor, changesBetween(notedOf(stored), null)));
  });
}

/** What the audit log holds of a customer: all that a list may show, hence not the secret. */
const NOTED = Object.keys(CUSTOMER_COLUMNS).filter((name) => name !== 'customer_id');

function notedOf(values: AddCustomerDto | EditCustomerDto | LockedCustomer): Values {
  return Object.fromEntries(NOTED.map((name) => [name, (values as Values)[name]]));
}

function entry(action: Action, customerId: number, actor: EntryActor, changes: Changes) {
  return { kind: 'customer', action, actor, customerId, changes } as const;
}

/** The columns that a request speaks of, by the properties of the entity; those that it leaves out are undefined. */
export function columnsOf(dto: AddCustomerDto | EditCustomerDto) {
  const { customer_id: customerId, customer_name: name, exp_id: expId, ...texts } = dto;
  return { customerId, name, expId, ...texts };
}
