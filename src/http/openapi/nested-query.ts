import { applyDecorators, Type } from '@nestjs/common';
import { ApiPropertyOptions, ApiQuery, ApiQueryOptions } from '@nestjs/swagger';

const FIELDS = 'customer-hub:fields';

type Documentation = Record<string, ApiPropertyOptions>;

/** Stores the documentation of a DTO's field for {@link ApiNestedQuery}. */
export function rememberDocumentation(dto: object, name: string, documentation: ApiPropertyOptions): void {
  const remembered = (Reflect.getMetadata(FIELDS, dto) ?? {}) as Documentation;
  Reflect.defineMetadata(FIELDS, { ...remembered, [name]: documentation }, dto);
}

/**
 * Documents the fields of DTOs as query parameters in PHP's notation.
 * @param dtos by the outer name, '' for none: `{ '': GetListDto, search: SearchDto }` gives `page`, `search[type]` …
 */
export function ApiNestedQuery(dtos: Record<string, Type>): MethodDecorator {
  const parameters = Object.entries(dtos).flatMap(([outer, dto]) =>
    Object.entries(Reflect.getMetadata(FIELDS, dto.prototype as object) as Documentation).map(([name, field]) => {
      const nested = outer === '' ? name : `${outer}[${name}]`;
      const itemType = Array.isArray(field.type) ? (field.type[0] as Type) : undefined;
      const parameter = itemType ? { name: `${nested}[]`, type: itemType, isArray: true } : { name: nested };
      return ApiQuery({ ...field, ...parameter } as ApiQueryOptions);
    }),
  );
  return applyDecorators(...parameters);
}
