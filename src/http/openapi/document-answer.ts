import { applyDecorators, Type } from '@nestjs/common';
import {
  ApiConsumes,
  ApiExtraModels,
  ApiOperation,
  ApiResponse,
  ApiResponseSchemaHost,
  getSchemaPath,
} from '@nestjs/swagger';
import { BadParameter, Failure, NotSignedIn, TransportFailure } from '../output/errors';
import { families, FamilyName, Success } from '../output/families';

/** A route's answers, declared once for the envelope and the documentation. */
export interface Answer {
  /** One line, Chinese / English. */
  summary: string;
  /** What the envelope says on success; by default the family's own. */
  success?: Success;
  /** The class of the payload; by default the payload is `[]`. */
  reply?: Type;
  /** The route changes something, so that HEAD, which must change nothing, is refused where GET is not. */
  changes?: true;
  /** The route's own failures, besides a bad parameter and a missing token. */
  failures?: Failure[];
}

type Schema = ApiResponseSchemaHost['schema'];

/** Documents a route: its summary, its answer in the envelope, and each failure as a named example. */
export function documentAnswer(family: FamilyName, answer: Answer): MethodDecorator {
  const { summary, reply, success, failures = [] } = answer;
  const envelope = families[family];
  const payload: Schema = reply ? { $ref: getSchemaPath(reply) } : { type: 'array', items: {}, example: [] };
  const expected = [...failures, new BadParameter(['字段名 不能为空']), new NotSignedIn('missing')];
  const json = {
    schema: {
      anyOf: [
        schemaOf(envelope.succeed(payload, success), payload),
        schemaOf(envelope.fail(new NotSignedIn('missing'))),
      ],
    },
    examples: Object.fromEntries(expected.map((failure) => [failure.message, { value: envelope.fail(failure) }])),
  };
  return applyDecorators(
    ...(reply ? [ApiExtraModels(reply)] : []),
    ApiOperation({ summary }),
    ApiConsumes('application/json', 'application/x-www-form-urlencoded', 'multipart/form-data'),
    ApiResponse({
      status: 200,
      description: '契约内的成功与失败均为 HTTP 200 / every answer the contract knows, good or bad, is HTTP 200',
      content: { 'application/json': json },
    }),
    documentTransportFailure(500, envelope.fail(new TransportFailure('fault'))),
    documentTransportFailure(503, envelope.fail(new TransportFailure('unavailable'))),
  );
}

function documentTransportFailure(status: number, example: { msg: string }): MethodDecorator {
  const content = { 'application/json': { schema: schemaOf(example), example } };
  return ApiResponse({ status, description: example.msg, content });
}

/** The schema of an envelope, given with the schema `payload` in place of its payload. */
function schemaOf(envelope: object, payload?: Schema): Schema {
  const properties = Object.entries(envelope).map(([key, value]: [string, unknown]): [string, Schema] => {
    if (payload && value === payload) return [key, payload];
    return [key, Array.isArray(value) ? { type: 'array', items: {} } : { type: typeof value, example: value }];
  });
  return { type: 'object', properties: Object.fromEntries(properties) };
}
