import { ValidationError, ValidationPipe } from '@nestjs/common';
import { validateSync, ValidatorOptions } from 'class-validator';
import { BadParameter } from '../output/errors';

/** Validates without promises, because every field's check is synchronous. */
class SyncValidationPipe extends ValidationPipe {
  protected override validate(dto: object, options: ValidatorOptions): ValidationError[] {
    return validateSync(dto, options);
  }
}

/** Builds a request's DTO. @throws BadParameter with one detail for each wrong parameter */
export const validationPipe = new SyncValidationPipe({
  transform: true,
  whitelist: true,
  stopAtFirstError: true,
  validateCustomDecorators: true, // for @BodyAndQuery() of family B
  exceptionFactory: (errors) => new BadParameter(errors.flatMap((error) => detailsOf(error))),
});

/** The details of an error; a nested parameter is named as the client writes it: `search[member] 必须是数字`. */
function detailsOf(error: ValidationError, outer = ''): string[] {
  const name = outer === '' ? error.property : `${outer}[${error.property}]`;
  const own = Object.values(error.constraints ?? {}).map((message) => `${name} ${message}`);
  return [...own, ...(error.children ?? []).flatMap((child) => detailsOf(child, name))];
}
