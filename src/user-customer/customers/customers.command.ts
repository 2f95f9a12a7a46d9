import type { Type } from '@nestjs/common';
import { Command } from 'commander';
import type { DataSource } from 'typeorm';
import { OperatorError } from '../../base/operator-error';
import { readSecret } from '../../base/secret-input';
import type { InDatabase } from '../../database/connect';
import { BadParameter } from '../../http/output/errors';
import { Customer } from '../entities/customer.entity';
import { RecordNotFound } from '../errors';
import { FREE_TEXTS } from './customer-query';
import { addCustomer, deleteCustomer, editCustomer } from './customers';
import { CustomerExists, CustomerFollowed } from './errors';

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
      const dto = await check(({ AddCustomerDto }) => AddCustomerDto, given);
      await inWords((database) => addCustomer(database, dto), `customer ${id} is created`);
    });

  withTexts(customer.command('change <id>'))
    .description('change a customer; a text that is given empty is cleared')
    .option('--name <text>')
    .option('--code', 'ask for a new code, or read it from standard input')
    .action(async (id: string, { name, code, ...texts }: Texts & { name?: string; code?: true }) => {
      const secret = code && (await readSecret('new code'));
      const given = Object.entries({ ...texts, customer_name: name, secret }).filter(([, text]) => text !== undefined);
      if (given.length === 0) throw new OperatorError('nothing to change');
      const dto = await check(({ EditCustomerDto }) => EditCustomerDto, {
        ...Object.fromEntries(given),
        customer_id: id,
      });
      await inWords((database) => editCustomer(database, dto), `customer ${id} is changed`);
    });

  customer
    .command('delete <id>')
    .description('delete a customer without followers')
    .action(async (id: string) => {
      const { customer_id } = await check(({ CustomerIdDto }) => CustomerIdDto, { customer_id: id });
      await inWords((database) => deleteCustomer(database, customer_id), `customer ${id} is deleted`);
    });

  return customer;
}

/** Adds an option for each text that may be empty, under its name on the wire. */
function withTexts(command: Command): Command {
  return FREE_TEXTS.reduce((options, name) => options.option(`--${name} <text>`), command);
}

type Dtos = typeof import('./customers.dto');

/**
 * Checks what was given as the route does. The DTOs are loaded here, because they load the decorators of the
 * documentation, for which no other command should wait.
 * @throws OperatorError with the route's own sentence
 */
async function check<Dto>(dtoOf: (dtos: Dtos) => Type<Dto>, given: object): Promise<Dto> {
  const { validationPipe } = await import('../../http/input/validation.pipe.js');
  const metatype = dtoOf(await import('./customers.dto.js'));
  return validationPipe.transform(given, { type: 'body', metatype }).catch(explain) as Promise<Dto>;
}

/** @throws OperatorError in place of a refusal of the routes */
function explain(error: unknown): never {
  if (error instanceof BadParameter) throw new OperatorError(error.message);
  if (error instanceof CustomerExists) throw new OperatorError('this customer exists: `customer change` changes it');
  if (error instanceof RecordNotFound) throw new OperatorError('there is no such customer');
  if (error instanceof CustomerFollowed) throw new OperatorError('users follow this customer, it stays');
  throw error;
}

/** All customers by id, as `customer list` prints them. */
async function listCustomers({ manager }: DataSource) {
  const select = { customerId: true, name: true, created: true } as const;
  const customers = await manager.find(Customer, { select, order: { customerId: 'ASC' } });
  return customers.map(({ customerId, name, created }) => ({ customer_id: customerId, name, created }));
}
