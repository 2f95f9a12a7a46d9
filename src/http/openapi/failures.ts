import { BadParameter, Failure, FailureKind, NotSignedIn, TransportFailure } from '../output/errors';
import { HTTP_STATUS } from '../output/exception.filter';
import { families, FamilyName } from '../output/families';
import { Schema, schemaLike } from './schema';

/** A failure as an example. */
class ExampleFailure extends Failure {
  constructor(
    readonly kind: FailureKind,
    message: string,
  ) {
    super(message);
  }
}

const MALFORMED = new BadParameter(['请求格式不正确']);

/** The failures that the contract knows, which are HTTP 200 (CONTRACT 1.1, 2.1), and the names of their schemas. */
const NAMES: Record<FamilyName, Partial<Record<FailureKind, string>>> = {
  mix: { rejected: 'MixRejected', 'bad-parameter': 'MixBadParameter', 'not-signed-in': 'MixNotSignedIn' },
  business: {
    rejected: 'BusinessRejected',
    'bad-parameter': 'BusinessRejected', // the same envelope
    'not-signed-in': 'BusinessNotSignedIn',
    'no-enterprise': 'BusinessNoEnterprise',
  },
};

const EXAMPLES = [
  new BadParameter(['字段名 不能为空']),
  new ExampleFailure('rejected', '记录不存在'),
  new NotSignedIn('missing'),
  new ExampleFailure('no-enterprise', '请先选择要管理的企业'),
];

/** A reference to the schema of a failure's envelope. */
export function failureReference(family: FamilyName, { kind }: Failure): string {
  return `#/components/schemas/${NAMES[family][kind]}`;
}

/** The envelopes of both families' failures by the names of their schemas. */
export function failureSchemas(): Record<string, Schema> {
  const named = familyNames.flatMap((family) =>
    EXAMPLES.filter(({ kind }) => NAMES[family][kind]).map((example): [string, Schema] => [
      NAMES[family][example.kind]!,
      schemaLike(families[family].fail(example)),
    ]),
  );
  return Object.fromEntries(named);
}

const familyNames = Object.keys(families) as FamilyName[];

/** An answer that is the same for all routes of a family. */
interface SharedResponse {
  /** The HTTP statuses that it comes with. */
  statuses: number[];
  failure: Failure;
  /** The answer says when to try again. */
  retry?: true;
}

const SHARED: Record<string, SharedResponse> = {
  Malformed: { statuses: [400, 408, 431], failure: MALFORMED },
  UnknownRoute: { statuses: [404], failure: new TransportFailure('route-not-found') },
  MethodNotAllowed: shared('method-not-allowed'),
  BodyTooLarge: shared('body-too-large'),
  TooManyRequests: { ...shared('too-many-requests'), retry: true },
  Fault: shared('fault'),
  Unavailable: { ...shared('unavailable'), retry: true },
  Timeout: shared('timeout'),
};

function shared(kind: TransportFailure['kind']): SharedResponse {
  return { statuses: [HTTP_STATUS[kind]!], failure: new TransportFailure(kind) };
}

const RETRY_AFTER = {
  'Retry-After': { description: '多少秒后重试 / seconds until the next try', schema: { type: 'integer' } },
};

/** The answers of HTTP statuses other than 200, once for each family. */
export function sharedResponses(): Record<string, object> {
  const responses = familyNames.flatMap((family) =>
    sharedOf(family).map(([name, { failure, retry }]) => {
      const example = families[family].fail(failure);
      const content = { 'application/json': { schema: schemaLike(example), example } };
      return [nameOf(family, name), { description: example.msg, ...(retry && { headers: RETRY_AFTER }), content }];
    }),
  );
  return Object.fromEntries(responses) as Record<string, object>;
}

/** References to {@link sharedResponses} by HTTP status. */
export function sharedReferences(family: FamilyName): Record<string, { $ref: string }> {
  const references = sharedOf(family).flatMap(([name, { statuses }]) =>
    statuses.map((status) => [status, { $ref: `#/components/responses/${nameOf(family, name)}` }]),
  );
  return Object.fromEntries(references) as Record<string, { $ref: string }>;
}

/** An unknown route of family B is HTTP 200. */
function sharedOf(family: FamilyName): [string, SharedResponse][] {
  return Object.entries(SHARED).filter(([name]) => name !== 'UnknownRoute' || families[family].unknownRoute !== 200);
}

const nameOf = (family: FamilyName, name: string) => `${family[0]!.toUpperCase()}${family.slice(1)}${name}`;
