import { checked, explain } from '../user-customer/customers/checked';
import { addCustomer, columnsOf, editCustomer } from '../user-customer/customers/customers';
import { Customer } from '../user-customer/entities/customer.entity';
import type { Setup } from './setup-file';
import type { Step, Wanted } from './wanted';

export async function planCustomers(wanted: Wanted): Promise<(Step | undefined)[]> {
  const steps: (Step | undefined)[] = [];
  for (const [n, each] of wanted.setup.customers.entries()) steps.push(await planCustomer(wanted, each, n));
  return steps;
}

async function planCustomer(
  wanted: Wanted,
  { name, secret: place, ...customer }: Setup['customers'][number],
  n: number,
): Promise<Step | undefined> {
  const { database, actor } = wanted;
  const { customer_id: customerId } = customer;
  const secret = place && wanted.secrets.get(place);
  const given = { ...customer, customer_name: name, secret };
  const stored = await database.manager.findOneBy(Customer, { customerId });
  if (!stored) {
    if (secret === undefined) throw wanted.fault(['customers', n, 'secret'], 'is missing: the customer is new');
    const dto = await wanted.at(['customers', n], () => checked(({ AddCustomerDto }) => AddCustomerDto, given));
    return { line: `+ customer ${customerId}`, run: () => addCustomer(database, dto, actor).catch(explain) };
  }
  const dto = await wanted.at(['customers', n], () => checked(({ EditCustomerDto }) => EditCustomerDto, given));
  const fields = Object.entries(columnsOf(dto))
    .filter(([property, value]) => value !== undefined && value !== stored[property as keyof Customer])
    .map(([property]) => (property === 'expId' ? 'exp_id' : property));
  if (fields.length === 0) return undefined;
  const line = `~ customer ${customerId} ${fields.join(', ')}`;
  return { line, run: () => editCustomer(database, dto, actor).catch(explain) };
}
