import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Actor, assertMayManageCustomers } from '../../auth/policy';
import { dialectOf } from '../../database/dialect';
import { Customer } from '../entities/customer.entity';
import { UserCustomer } from '../entities/user-customer.entity';
import { RecordNotFound } from '../errors';
import { toListFilter } from '../list/list-filter';
import { ListPages } from '../list/list-pages';
import { CustomerFilter, customerList } from './customer-query';
import { addCustomer, deleteCustomer, editCustomer } from './customers';
import type { AddCustomerDto, CustomerIdDto, CustomerListDto, EditCustomerDto } from './customers.dto';
import { CustomerPageReply, CustomerReply, toCustomerReply } from './customers.reply';

/**
 * Customers for the users who follow them and for is_super, who alone sees all customers and their codes, and changes
 * them (CONTRACT 1.4).
 */
@Injectable()
export class CustomersService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly lists: ListPages,
  ) {}

  /** The customers that the actor follows; for is_super too. */
  async getList(dto: CustomerListDto, actor: Actor): Promise<CustomerPageReply> {
    return this.page({ followedBy: actor.userId, ...toListFilter(dto) }, dto, actor);
  }

  /** @throws RecordNotFound also for a customer that the actor does not follow, unless the actor is is_super */
  async get({ customer_id: customerId }: CustomerIdDto, actor: Actor): Promise<CustomerReply> {
    const customer = actor.isSuper ? await this.customer(customerId) : await this.followed(customerId, actor.userId);
    if (!customer) throw new RecordNotFound();
    return toCustomerReply(customer, actor.isSuper);
  }

  /** @throws MayNotManageCustomers */
  async getAllList(dto: CustomerListDto, actor: Actor): Promise<CustomerPageReply> {
    assertMayManageCustomers(actor);
    return this.page(toListFilter(dto), dto, actor);
  }

  /** @throws MayNotManageCustomers, CustomerExists */
  async add(dto: AddCustomerDto, actor: Actor): Promise<void> {
    assertMayManageCustomers(actor);
    await addCustomer(this.dataSource, dto, actor);
  }

  /** @throws MayNotManageCustomers, RecordNotFound */
  async edit(dto: EditCustomerDto, actor: Actor): Promise<void> {
    assertMayManageCustomers(actor);
    await editCustomer(this.dataSource, dto, actor);
  }

  /** @throws MayNotManageCustomers, RecordNotFound, CustomerFollowed */
  async delete({ customer_id: customerId }: CustomerIdDto, actor: Actor): Promise<void> {
    assertMayManageCustomers(actor);
    await deleteCustomer(this.dataSource, customerId, actor);
  }

  private page(filter: CustomerFilter, dto: CustomerListDto, actor: Actor): Promise<CustomerPageReply> {
    return this.lists.read(customerList(filter, actor.isSuper, dialectOf(this.dataSource)), dto);
  }

  private customer(customerId: number): Promise<Customer | null> {
    return this.dataSource.manager.findOneBy(Customer, { customerId });
  }

  /** By `find`: `findOne` with a relation sends two statements. */
  private async followed(customerId: number, userId: number): Promise<Customer | null | undefined> {
    const where = { userId, customerId };
    const [relation] = await this.dataSource.manager.find(UserCustomer, { where, relations: { customer: true } });
    return relation?.customer;
  }
}
