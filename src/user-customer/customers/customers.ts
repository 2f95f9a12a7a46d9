import type { DataSource } from 'typeorm';
import { Customer } from '../entities/customer.entity';
import { OperatorError } from '../../base/operator-error';

const MAX_SECRET_LENGTH = 64;

/** Creates a customer of family A, or changes its name and code. @throws OperatorError */
export async function putCustomer(
  dataSource: DataSource,
  customerId: number,
  secret: string,
  name: string | undefined,
): Promise<void> {
  if (secret === '' || secret.length > MAX_SECRET_LENGTH) {
    throw new OperatorError(`a code has 1 to ${MAX_SECRET_LENGTH} characters`);
  }
  await dataSource.manager.upsert(Customer, { customerId, secret, ...(name !== undefined && { name }) }, [
    'customerId',
  ]);
}
