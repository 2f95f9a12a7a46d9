import { Command } from 'commander';
import type { DataSource } from 'typeorm';
import { operator } from '../../audit/operator';
import { OperatorError } from '../../base/operator-error';
import { readSecret } from '../../base/secret-input';
import type { InDatabase } from '../../database/connect';
import { Customer } from '../entities/customer.entity';
import { checked, explain } from './checked';
import { FREE_TEXTS } from './customer-query';
import { addCustomer, deleteCustomer, editCustomer } from './customers';

type Texts = Partial<Record<(typeof FREE_TEXTS)[number], string>>;

/** `customer`: the customers of family A, by the rules of their routes (CONTRACT 1.4). */
export function customerCommand(inDatabase: InDatabase): Command {
  const customer = new Command('customer').description('the customers of family A, which users follow');
  const inWords = (work: (database: DataSource) => Promise<void>, done: string) =>
    inDatabase((database) => work(database).catch(explain), done);

  customer
    .command('list')
    .description('all customers, without their codes')
    .action(() => inDatabase(async (database) => console.table(await listCustomers(database))));

  withTexts(customer.command('add <id> <name>'))
    .description('create a customer; its code is asked for, or read from standard input')
    .action(async (id: string, name: string, texts: Texts) => {
      const given = { ...texts, customer_id: id, customer_name: name, secret: await readSecret('code') };
      const dto = await checked(({ AddCustomerDto }) => AddCustomerDto, given);
      await inWords((database) => addCustomer(database, dto, operator()), `customer ${id} is created`);
    });

  withTexts(customer.command('change <id>'))
    .description('change a customer; a text that is given empty is cleared')
    .option('--name <text>')
    .option('--code', 'ask for a new code, or read it from standard input')
    .action(async (id: string, { name, code, ...texts }: Texts & { name?: string; code?: true }) => {
      const secret = code && (await readSecret('new code'));
      const given = Object.entries({ ...texts, customer_name: name, secret }).filter(([, text]) => text !== undefined);
      if (given.length === 0) throw new OperatorError('nothing to change');
      const dto = await checked(({ EditCustomerDto }) => EditCustomerDto, {
        ...Object.fromEntries(given),
        customer_id: id,
      });
      await inWords((database) => editCustomer(database, dto, operator()), `customer ${id} is changed`);
    });

  customer
    .command('delete <id>')
    .description('delete a customer without followers')
    .action(async (id: string) => {
      const { customer_id } = await checked(({ CustomerIdDto }) => CustomerIdDto, { customer_id: id });
      await inWords((database) => deleteCustomer(database, customer_id, operator()), `customer ${id} is deleted`);
    });

  return customer;
}

/** Adds an option for each text that may be empty, under its name on the wire. */
function withTexts(command: Command): Command {
  return FREE_TEXTS.reduce((options, name) => options.option(`--${name} <text>`), command);
}

/** All customers by id, as `customer list` prints them. */
async function listCustomers({ manager }: DataSource) {
  const select = { customerId: true, name: true, created: true } as const;
  const customers = await manager.find(Customer, { select, order: { customerId: 'ASC' } });
  return customers.map(({ customerId, name, created }) => ({ customer_id: customerId, name, created }));
}
