import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ValidateFunction } from 'ajv';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { cleanUrl, decodableUrl, pathOf } from '../../src/base/url';
import { familyOfUrl } from '../../src/http/output/families';
import { routeInPath } from '../../src/legacy-front/sign-in/route-in-path';

/** Routes that the document leaves out: pages and probes without an envelope, and what WeCom calls. */
const UNDOCUMENTED = {
  documentation: /^\/docs(-json)?(\/|$)/,
  health: /^\/health\//,
  metrics: /^\/metrics$/,
  callback: /^\/business\/[^/]+\/plugin\/WechatCustomers\/receive\//,
};

/** What the failures of HTTP 200 look like where no route of the document is reached. */
const ANY_FAILURE = { mix: 'MixBadParameter', business: 'BusinessRejected' };

export interface OpenApi {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object>; responses: Record<string, Response> };
}

interface Operation {
  responses: Record<string, Response>;
}

interface Response {
  $ref?: string;
  content?: { 'application/json': { schema: object } };
}

interface Given {
  status: number;
  text: string;
  body: unknown;
}

const FILE = join(__dirname, '..', '..', 'openapi.json');

/** The committed document. */
export const committedDocument = (): OpenApi => JSON.parse(readFileSync(FILE, 'utf8')) as OpenApi;

/** Compares answers with a document. Schemas are compiled when the first answer of their kind comes. */
export class DocumentedAnswers {
  private readonly ajv = new Ajv2020({ strict: false, validateSchema: false });
  private readonly compiled = new Map<object, ValidateFunction>();
  private readonly document: OpenApi;
  private readonly patterns: [pattern: RegExp, operations: Record<string, Operation>][];

  constructor(document: OpenApi) {
    addFormats(this.ajv);
    this.document = withAbsoluteReferences(document);
    this.ajv.addSchema({ $id: NAME, components: this.document.components });
    this.patterns = Object.entries(this.document.paths).map(([path, operations]) => [toPattern(path), operations]);
  }

  /**
   * What the document says against an answer.
   * @param target as the request line has it
   */
  complaint(method: string, target: string, { status, text, body }: Given): string | undefined {
    const path = decodeURI(pathOf(decodableUrl(routeInPath(cleanUrl(target))))); // as the router: %2F does not part
    if (Object.values(UNDOCUMENTED).some((pattern) => pattern.test(path))) return undefined;
    if (text === '' && (method === 'HEAD' || status === 204)) return undefined; // no body, or a browser's question before a request
    const operation = this.operationOf(method === 'HEAD' ? 'GET' : method, path);
    const schema = operation ? this.schemaOf(operation.responses[status]) : this.schemaOfNoRoute(path, status);
    if (!schema) return `${method} ${path}: HTTP ${status} is not documented`;
    const validate = this.compile(schema);
    if (validate(body)) return undefined;
    return `${method} ${path}: ${this.ajv.errorsText(validate.errors)} in ${text.slice(0, 1000)}`;
  }

  private operationOf(method: string, path: string): Operation | undefined {
    return this.patterns.find(([pattern]) => pattern.test(path))?.[1][method.toLowerCase()];
  }

  private schemaOf(response: Response | undefined): object | undefined {
    const { $ref, content } = response ?? {};
    if ($ref) return this.schemaOf(this.document.components.responses[nameIn($ref)]);
    return content?.['application/json'].schema;
  }

  /** An unknown route or method is answered as its family answers everywhere. */
  private schemaOfNoRoute(path: string, status: number): object | undefined {
    const family = familyOfUrl(path);
    if (status === 200) return this.document.components.schemas[ANY_FAILURE[family]];
    const [, { get, post }] = Object.entries(this.document.paths).find(([known]) => familyOfUrl(known) === family)!;
    return this.schemaOf((get ?? post)!.responses[status]);
  }

  private compile(schema: object): ValidateFunction {
    const validate = this.compiled.get(schema) ?? this.ajv.compile(schema);
    this.compiled.set(schema, validate);
    return validate;
  }
}

const NAME = 'openapi';

/** The components are compiled once for all schemas that refer to them. */
function withAbsoluteReferences(document: OpenApi): OpenApi {
  return JSON.parse(JSON.stringify(document).replaceAll('"$ref":"#/', `"$ref":"${NAME}#/`)) as OpenApi;
}

const nameIn = (reference: string) => reference.replace(/^.*\//, '');

function toPattern(path: string): RegExp {
  return new RegExp(`^${path.replace(/[.\\+*?^$()|[\]]/g, '\\$&').replace(/\{\w+\}/g, '[^/]+')}$`);
}

let committed: DocumentedAnswers | undefined;

/** `npm run openapi` starts an app before its document is written. */
const isWriting = process.env.WRITE_OPENAPI === '1';

/** @throws Error for an answer other than the committed document promises */
export function assertDocumented(method: string, target: string, answer: Given): void {
  if (isWriting) return;
  committed ??= new DocumentedAnswers(committedDocument());
  const complaint = committed.complaint(method, target, answer);
  if (complaint) throw new Error(`not as openapi.json says: ${complaint}`);
}
