import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { version } from '../../base/version';
import { familyOfUrl } from '../output/families';
import { addExamples } from './examples';
import { failureSchemas, sharedReferences, sharedResponses } from './failures';
import type { Schema } from './schema';

const DESCRIPTION = `
用户与客户（MixIOT UserCustomer）与企业微信客户（芸众 WechatCustomers）两套接口。先调用 \`/api/login\` 取得 token，再点 **Authorize** 填入。
\`/business/…\` 须先 \`manageBusiness\` 选择企业。契约内的失败同样是 HTTP 200，请看信封里的 \`code\` 或 \`result\`。

Two API families. Call \`/api/login\` for a token, then press **Authorize** and paste it. Family \`/business/…\` needs an
enterprise chosen by \`manageBusiness\` first. Failures that the contract knows are HTTP 200 too: look at \`code\` or
\`result\` in the envelope.
`;

/** The parts of the API in the order of the page; an operation's id begins with its tag. */
const TAGS: Record<string, string> = {
  Auth: '登录 / signing in',
  UserCustomer: '用户与客户 / user follows customer',
  Customers: '客户 / customers',
  Enterprise: '企业 / enterprise choice',
  WechatCustomers: '企业微信客户 / WeCom customers',
  LegacyFront: "芸众前端 / the vendor's front",
  SignIn: "芸众前端登录：api.php?route=末段 / signing in from the vendor's front: api.php?route=<last part>",
  SignOut: '退出 / signing out',
};

/** In a part of its own: whoever runs the requests in order, by path or by part, stays signed in until the last. */
const LOGOUT = '/api/logout';

/**
 * The OpenAPI 3.1 document of the app's routes.
 * @param publicUrl its path is where a proxy serves the routes; without it the document is that of openapi.json
 */
export function createDocument(app: NestFastifyApplication, publicUrl?: string): OpenAPIObject {
  const options = { operationIdFactory: (_controller: string, method: string) => countedName(method) };
  const document = SwaggerModule.createDocument(app, configOf(publicUrl), options);
  const { paths, components = {} } = document;
  delete document.info.contact; // empty
  components.schemas = { ...components.schemas, ...failureSchemas() };
  for (const [name, schema] of Object.entries(components.schemas)) if (name.endsWith('Reply')) close(schema);
  components.responses = sharedResponses() as typeof components.responses;
  for (const [path, { get, post }] of Object.entries(paths)) {
    for (const operation of [get, post]) {
      if (!operation) continue;
      operation.operationId = `${lowerCamel(operation.tags![0]!)}_${operation.operationId}`;
      operation.responses = { ...operation.responses, ...sharedReferences(familyOfUrl(path)) };
    }
  }
  const { [LOGOUT]: logout, ...others } = paths;
  logout!.post!.tags = ['SignOut'];
  document.paths = { ...others, [LOGOUT]: logout! };
  countWhole(document);
  addExamples(document);
  return document;
}

function configOf(publicUrl: string | undefined): Omit<OpenAPIObject, 'paths'> {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('customer-hub')
    .setDescription(DESCRIPTION)
    .setVersion(version())
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addBearerAuth({
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'opaque',
      description: '/api/login 的 token / token of /api/login',
    })
    .addBasicAuth({
      type: 'http',
      scheme: 'basic',
      description: 'user_id:token 的 base64，芸众前端的写法 / as the vendor’s page sends it',
    })
    .addCookieAuth(
      'customer_hub_session',
      {
        type: 'apiKey',
        in: 'cookie',
        description:
          '芸众前端登录所得，https 时名称前加 __Host- / of the vendor’s front; behind https its name begins with __Host-',
      },
      'session',
    )
    .addSecurityRequirements('bearer')
    // Relative, so that the page stays on the origin that it came from.
    .addServer(publicUrl === undefined ? '/' : new URL(publicUrl).pathname, '本服务 / this server');
  if (publicUrl !== undefined) config.addServer(publicUrl, '公开地址 / the public address');
  for (const [name, description] of Object.entries(TAGS)) config.addTag(name, description);
  return config.build();
}

/** Further paths of one method count on: `login`, `login2`, where Nest writes `login[1]`, which is no name. */
function countedName(method: string): string {
  return method.replace(/\[(\d+)\]$/, (_, index) => (index === '0' ? '' : String(Number(index) + 1)));
}

const lowerCamel = (name: string) => name[0]!.toLowerCase() + name.slice(1);

/** A reply has no other fields than its class, so that a swapped or forgotten one is noticed. */
function close(schema: Schema): void {
  schema.additionalProperties = false;
}

/** Values, which may look like schemas. */
const VALUES = ['example', 'examples', 'enum', 'const', 'default'];

/** Every number of the product is a whole number, of up to 2^53 unless its values are listed. */
function countWhole(node: object): void {
  const schema = node as Schema;
  const types = [schema.type].flat();
  if (types.includes('number')) {
    schema.type = Array.isArray(schema.type) ? schema.type.map(whole) : 'integer';
    if (!schema.enum) schema.format = 'int64';
  }
  for (const [key, value] of Object.entries(node) as [string, unknown][]) {
    if (typeof value === 'object' && value !== null && !VALUES.includes(key)) countWhole(value);
  }
}

const whole = (type: string) => (type === 'number' ? 'integer' : type);
