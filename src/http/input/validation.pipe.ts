import { ValidationError, ValidationPipe } from '@nestjs/common';
import { validateSync, ValidatorOptions } from 'class-validator';
import { BadParameter } from '../output/errors';

/** Validates without promises: every field's check is synchronous. */
class SyncValidationPipe extends ValidationPipe {
  protected override validate(dto: object, options: ValidatorOptions): ValidationError[] {
    return validateSync(dto, options);
  }
}

/** Builds the DTO of a request and reports every wrong parameter, each with its own sentence. */
export const validationPipe = new SyncValidationPipe({
  transform: true,
  whitelist: true,
  stopAtFirstError: true,
  validateCustomDecorators: true, // @Params() of family B
  exceptionFactory: (errors) => new BadParameter(errors.flatMap((error) => sentences(error))),
});

/** A nested parameter is named as the client wrote it: `search[member] 必须是数字`. */
function sentences(error: ValidationError, outer = ''): string[] {
  const name = outer === '' ? error.property : `${outer}[${error.property}]`;
  const own = Object.values(error.constraints ?? {}).map((sentence) => `${name} ${sentence}`);
  return [...own, ...(error.children ?? []).flatMap((child) => sentences(child, name))];
}
