import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { version } from '../../base/version';

const DESCRIPTION = `
用户与客户（MixIOT UserCustomer）与企业微信客户（芸众 WechatCustomers）两套接口。先调用 \`/api/login\` 取得 token，再点 **Authorize** 填入。
\`/business/…\` 须先 \`manageBusiness\` 选择企业。契约内的失败同样是 HTTP 200，请看信封里的 \`code\` 或 \`result\`。

Two API families. Call \`/api/login\` for a token, then press **Authorize** and paste it. Family \`/business/…\` needs an
enterprise chosen by \`manageBusiness\` first. Failures that the contract knows are HTTP 200 too: look at \`code\` or
\`result\` in the envelope.
`;

/** Serves the documentation: the page at /docs, the OpenAPI document at /docs-json. */
export function addSwagger(app: NestFastifyApplication): void {
  const config = new DocumentBuilder()
    .setTitle('customer-hub')
    .setDescription(DESCRIPTION)
    .setVersion(version())
    .addBearerAuth({
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'opaque',
      description: '/api/login 的 token / token of /api/login',
    })
    .addSecurityRequirements('bearer')
    .addServer('/', '本服务 / this server')
    .build();
  const document = () => addSuccessExamples(SwaggerModule.createDocument(app, config, { operationIdFactory }));
  SwaggerModule.setup('docs', app, document, {
    jsonDocumentUrl: 'docs-json',
    customSiteTitle: 'customer-hub',
    swaggerOptions: { persistAuthorization: true, displayRequestDuration: true },
  });
}

/**
 * Names a route; further paths of one method count on: `login`, `login2`, where Nest writes `login[1]`, which is no
 * name.
 */
function operationIdFactory(controller: string, method: string): string {
  return `${controller}_${method}`.replace(/\[(\d+)\]$/, (_, index) =>
    index === '0' ? '' : String(Number(index) + 1),
  );
}

type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;
type Schema = Schemas[string] & { anyOf?: Schema[] };

/** Puts an example of the successful answer, built from its fields' examples, before the failures of each route. */
function addSuccessExamples(document: OpenAPIObject): OpenAPIObject {
  const schemas = document.components?.schemas ?? {};
  for (const operation of Object.values(document.paths).flatMap(({ get, post }) => [get, post])) {
    const content = (operation?.responses['200'] as { content?: Record<string, unknown> } | undefined)?.content;
    const json = content?.['application/json'] as { schema: Schema; examples: object } | undefined;
    const success = json?.schema.anyOf?.[0];
    if (json && success) json.examples = { 成功: { value: exampleOf(success, schemas) }, ...json.examples };
  }
  return document;
}

function exampleOf(schema: Schema, schemas: Schemas): unknown {
  if ('$ref' in schema) return exampleOf(schemas[schema.$ref.replace(/^.*\//, '')]!, schemas);
  if (schema.example !== undefined) return schema.example as unknown;
  const inherited = schema.allOf?.[0];
  if (inherited) return exampleOf(inherited, schemas);
  if (schema.type === 'array') return [exampleOf(schema.items!, schemas)];
  return Object.fromEntries(
    Object.entries(schema.properties ?? {}).map(([name, property]) => [name, exampleOf(property, schemas)]),
  );
}
