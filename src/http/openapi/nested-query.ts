import { applyDecorators, Type } from '@nestjs/common';
import { ApiBody, ApiPropertyOptions, ApiQuery, ApiQueryOptions } from '@nestjs/swagger';

const FIELDS = 'customer-hub:fields';

type Documentation = Record<string, ApiPropertyOptions>;

/** Stores the documentation of a DTO's field for {@link ApiNestedQuery}. */
export function rememberDocumentation(dto: object, name: string, documentation: ApiPropertyOptions): void {
  const remembered = (Reflect.getMetadata(FIELDS, dto) ?? {}) as Documentation;
  Reflect.defineMetadata(FIELDS, { ...remembered, [name]: documentation }, dto);
}

/**
 * Documents the fields of a DTO as query parameters in PHP's notation: `page`, `search[type]` …
 * @param search the DTO of its nested parameter `search`
 */
export function ApiNestedQuery(dto: Type, search?: Type): MethodDecorator {
  return applyDecorators(...queryOf(dto), ...(search ? queryOf(search, (name) => `search[${name}]`) : []));
}

function queryOf(dto: Type, nest = (name: string) => name): MethodDecorator[] {
  const fields = Reflect.getMetadata(FIELDS, dto.prototype as object) as Documentation;
  return Object.entries(fields).map(([field, documentation]) => {
    const name = nest(field);
    const { type, anyOf, enum: values, ...more } = documentation;
    if (anyOf) return ApiQuery({ ...more, name, ...asText(anyOf) } as ApiQueryOptions);
    if (values)
      return ApiQuery({ ...more, name, schema: wordsOf(values as unknown[], more.example) } as ApiQueryOptions);
    const itemType = Array.isArray(type) ? (type[0] as Type) : undefined;
    const parameter = itemType ? { name: `${name}[]`, type: itemType, isArray: true } : { name };
    return ApiQuery({ ...documentation, ...parameter } as ApiQueryOptions);
  });
}

/** Nest's own schema of listed values loses the example. */
function wordsOf(values: unknown[], example: unknown): object {
  return { type: typeof values[0], enum: values, example };
}

/** Of a field that may be text or JSON a query has the text. */
function asText(alternatives: NonNullable<ApiPropertyOptions['anyOf']>): object {
  return alternatives.find((schema) => 'type' in schema && schema.type === 'string') ?? {};
}

/**
 * Documents the parameters of a `@GetAndPost` route: those of GET in the query, those of POST in the body.
 * @param search the DTO of its nested parameter `search`
 * @param example a body to try
 */
export function parametersOf(
  dto: Type,
  search?: Type,
  example?: object,
): { get: MethodDecorator; post: MethodDecorator } {
  const body = example ? { type: dto, examples: { 示例: { value: example } } } : { type: dto };
  return { get: ApiNestedQuery(dto, search), post: ApiBody(body) };
}
