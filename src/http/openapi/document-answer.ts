import { applyDecorators, Type } from '@nestjs/common';
import { ApiConsumes, ApiExtraModels, ApiOperation, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { BadParameter, Failure, NotSignedIn } from '../output/errors';
import { families, FamilyName, Success } from '../output/families';
import { failureReference } from './failures';
import { closedObject, Schema, schemaLike } from './schema';

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

/** How a request may be signed in (CONTRACT 2.1, 2.5); a public route takes none. */
const SECURITY: Record<FamilyName, Record<string, string[]>[]> = {
  mix: [{ bearer: [] }, { basic: [] }],
  business: [{ bearer: [] }, { basic: [] }, { session: [] }],
};

/**
 * Documents a route: its summary, its answers in the envelope, and each failure as a named example. Success and failures
 * differ in the literal `code` or `result`.
 */
export function documentAnswer(family: FamilyName, answer: Answer, isPublic: boolean): MethodDecorator {
  const { summary, reply, success, failures = [] } = answer;
  const expected = [
    ...failures,
    new BadParameter(['字段名 不能为空']),
    ...(isPublic ? [] : [new NotSignedIn('missing')]),
  ];
  const references = [...new Set(expected.map((failure) => failureReference(family, failure)))];
  const json = {
    schema: { anyOf: [successSchema(family, reply, success), ...references.map(($ref) => ({ $ref }))] },
    examples: Object.fromEntries(
      expected.map((failure) => [failure.message, { value: families[family].fail(failure) }]),
    ),
  };
  return applyDecorators(
    ...(reply ? [ApiExtraModels(reply)] : []),
    ApiOperation({ summary, security: isPublic ? [] : SECURITY[family] }),
    ApiConsumes('application/json', 'application/x-www-form-urlencoded', 'multipart/form-data'),
    ApiResponse({
      status: 200,
      description: '契约内的成功与失败均为 HTTP 200 / every answer the contract knows, good or bad, is HTTP 200',
      content: { 'application/json': json },
    }),
  );
}

/** The envelope of a success, with the payload in its place. */
function successSchema(family: FamilyName, reply?: Type, success?: Success): Schema {
  const payload: Schema = reply ? { $ref: getSchemaPath(reply) } : schemaLike([]);
  const entries = Object.entries(families[family].succeed(payload, success)) as [string, unknown][];
  return closedObject(
    Object.fromEntries(entries.map(([key, value]) => [key, value === payload ? payload : schemaLike(value)])),
  );
}
