import { applyDecorators, Type } from '@nestjs/common';
import {
  ApiConsumes,
  ApiExtraModels,
  ApiOperation,
  ApiPropertyOptions,
  ApiQuery,
  ApiQueryOptions,
  ApiResponse,
  getSchemaPath,
} from '@nestjs/swagger';
import { Answer } from './envelope';
import { BadParameter, NotSignedIn, TransportFailure } from './errors';
import { families, FamilyName, FOUND } from './families';

const FIELDS = 'customer-hub:fields';

type Documentation = Record<string, ApiPropertyOptions>;

/** Remembers what a parameter's documentation says, for {@link ApiNestedQuery}. */
export function rememberDocumentation(dto: object, name: string, documentation: ApiPropertyOptions): void {
  const remembered = (Reflect.getMetadata(FIELDS, dto) ?? {}) as Documentation;
  Reflect.defineMetadata(FIELDS, { ...remembered, [name]: documentation }, dto);
}

/** Documents the fields of DTOs as query parameters in PHP style: `{ '': GetListDto, search: SearchDto }`. */
export function ApiNestedQuery(dtos: Record<string, Type>): MethodDecorator {
  const parameters = Object.entries(dtos).flatMap(([outer, dto]) =>
    Object.entries(Reflect.getMetadata(FIELDS, dto.prototype as object) as Documentation).map(([name, field]) => {
      const nested = outer === '' ? name : `${outer}[${name}]`;
      const [itemType] = Array.isArray(field.type) ? field.type : [];
      const parameter = itemType ? { name: `${nested}[]`, type: itemType, isArray: true } : { name: nested };
      return ApiQuery({ ...field, ...parameter } as ApiQueryOptions);
    }),
  );
  return applyDecorators(...parameters);
}

/** Documents a route: its summary, its wrapped answer and its failures, each as a named example. */
export function documentAnswer(family: FamilyName, answer: Answer): MethodDecorator {
  const { summary, reply, success = FOUND, failures = [] } = answer;
  const expected = [...failures, new BadParameter(['字段名 不能为空']), new NotSignedIn('missing')];
  const wrap = (result: object) => {
    const [[key] = ['result']] = Object.entries(families[family].succeed(null, success)).slice(-1);
    return { type: 'object', properties: { ...propertiesOf(families[family].succeed([], success)), [key]: result } };
  };
  const payload = reply ? { $ref: getSchemaPath(reply) } : { type: 'array', items: {}, example: [] };
  return applyDecorators(
    ...(reply ? [ApiExtraModels(reply)] : []),
    ApiOperation({ summary }),
    ApiConsumes('application/json', 'application/x-www-form-urlencoded', 'multipart/form-data'),
    ApiResponse({
      status: 200,
      description: '契约内的成功与失败均为 HTTP 200 / every answer the contract knows, good or bad, is HTTP 200',
      content: {
        'application/json': {
          schema: { oneOf: [wrap(payload), { title: 'failure', type: 'object' }] },
          examples: Object.fromEntries(
            expected.map((failure) => [failure.message, { value: families[family].fail(failure) }]),
          ),
        },
      },
    }),
    ...(['fault', 'unavailable'] as const).map((kind) =>
      ApiResponse({
        status: kind === 'fault' ? 500 : 503,
        description: new TransportFailure(kind).message,
        content: { 'application/json': { example: families[family].fail(new TransportFailure(kind)) } },
      }),
    ),
  );
}

function propertiesOf(envelope: object) {
  return Object.fromEntries(
    Object.entries(envelope).map(([key, value]) => [key, { type: typeof value, example: value as unknown }]),
  );
}
