import type { DataSource } from 'typeorm';
import { wallClock } from '../../base/time';
import { dialectOf } from '../../database/dialect';
import { isDuplicateKey } from '../../database/errors';
import { inTransaction, send } from '../../database/transaction';
import { Customer } from '../entities/customer.entity';
import { RecordNotFound } from '../errors';
import { lockedCustomer, lockedFollower } from './customer-query';
import type { AddCustomerDto, EditCustomerDto } from './customers.dto';
import { CustomerExists, CustomerFollowed } from './errors';

/* The changes of customers (CONTRACT 1.4), for the routes and for the commands. */

/** Creates a customer, as of now. @throws CustomerExists */
export async function addCustomer({ manager }: DataSource, dto: AddCustomerDto): Promise<void> {
  try {
    await manager.insert(Customer, { ...columnsOf(dto), created: wallClock() });
  } catch (error) {
    throw isDuplicateKey(error) ? new CustomerExists() : error;
  }
}

/** Changes the texts that are given; the others stay. @throws RecordNotFound */
export async function editCustomer({ manager }: DataSource, dto: EditCustomerDto): Promise<void> {
  // The id is set to itself: an edit that gives no text is a statement too, and tells whether the customer exists.
  const { affected } = await manager.update(Customer, { customerId: dto.customer_id }, columnsOf(dto));
  if (affected === 0) throw new RecordNotFound();
}

/** Deletes a customer without followers. @throws RecordNotFound, CustomerFollowed */
export async function deleteCustomer(dataSource: DataSource, customerId: number): Promise<void> {
  const dialect = dialectOf(dataSource);
  await inTransaction(dataSource, async (manager) => {
    // First the customer, as `add` of a relation does: one of the two waits, and sees what the other has done.
    const [customer] = await send(manager, lockedCustomer(customerId, dialect));
    if (!customer) throw new RecordNotFound();
    const [follower] = await send(manager, lockedFollower(customerId, dialect));
    if (follower) throw new CustomerFollowed();
    await manager.delete(Customer, { customerId });
  });
}

function columnsOf(dto: AddCustomerDto | EditCustomerDto) {
  const { customer_id: customerId, customer_name: name, exp_id: expId, ...texts } = dto;
  return { customerId, name, expId, ...texts };
}
