import { ArgumentMetadata, Type, ValidationError, ValidationPipe } from '@nestjs/common';
import { getMetadataStorage, validateSync, ValidatorOptions } from 'class-validator';
import { BadParameter } from '../output/errors';

/** The parameters that a DTO declares, by its class. */
const declared = new Map<unknown, string[]>();

function declaredBy(dto: Type): string[] {
  const known = declared.get(dto);
  if (known) return known;
  const fields = getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false);
  const names = [...new Set(fields.map(({ propertyName }) => propertyName))];
  declared.set(dto, names);
  return names;
}

/**
 * Validates without promises, because every field's check is synchronous. Only declared parameters are transformed: a
 * client can send many others, and their copies cost far more than their bytes.
 */
class SyncValidationPipe extends ValidationPipe {
  override transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const isParameters = this.toValidate(metadata) && typeof value === 'object' && value !== null;
    return super.transform(isParameters ? pick(value, declaredBy(metadata.metatype!)) : value, metadata);
  }

  protected override validate(dto: object, options: ValidatorOptions): ValidationError[] {
    return validateSync(dto, options);
  }
}

function pick(value: object, names: string[]): object {
  return Object.fromEntries(
    names.flatMap((name) => (Object.hasOwn(value, name) ? [[name, (value as Record<string, unknown>)[name]]] : [])),
  );
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
