import type { Type } from '@nestjs/common';
import { OperatorError } from '../../base/operator-error';
import { BadParameter } from '../../http/output/errors';
import { RecordNotFound } from '../errors';
import { CustomerExists, CustomerFollowed } from './errors';

/* The rules of the routes for commands, which tell them to an operator. */

type Dtos = typeof import('./customers.dto');

/**
 * Checks what was given as the route does. The DTOs are loaded here, because they load the decorators of the
 * documentation, for which no other command should wait.
 * @throws OperatorError with the route's own sentence
 */
export async function checked<Dto>(dtoOf: (dtos: Dtos) => Type<Dto>, given: object): Promise<Dto> {
  const { validationPipe } = await import('../../http/input/validation.pipe.js');
  const metatype = dtoOf(await import('./customers.dto.js'));
  return validationPipe.transform(given, { type: 'body', metatype }).catch(explain) as Promise<Dto>;
}

/** @throws OperatorError in place of a refusal of the routes */
export function explain(error: unknown): never {
  if (error instanceof BadParameter) throw new OperatorError(error.message);
  if (error instanceof CustomerExists) throw new OperatorError('this customer exists: `customer change` changes it');
  if (error instanceof RecordNotFound) throw new OperatorError('there is no such customer');
  if (error instanceof CustomerFollowed) throw new OperatorError('users follow this customer, it stays');
  throw error;
}
