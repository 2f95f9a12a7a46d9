import { readFileSync } from 'node:fs';
import { env } from 'node:process';

const document = JSON.parse(readFileSync(env.OPENAPI ?? 'openapi.json', 'utf8'));

/** Asked by the old front's pages alone, which are known by a cookie. */
const OLD_FRONT = '/addons/';

for (const [path, { get, post }] of Object.entries(document.paths)) {
  const isOtherPath = /\d$/.test(post.operationId); // login2 is login under another path
  if (isOtherPath || path.startsWith(OLD_FRONT)) delete document.paths[path];
  else document.paths[path] = { post: withOpenBody({ ...post, operationId: (get ?? post).operationId }) };
}

/** The fields of a body become parameters of the call, beside those of the path. */
function withOpenBody(operation) {
  const { content } = operation.requestBody ?? {};
  if (!content) return operation;
  const { schema } = content['application/json'];
  const body = document.components.schemas[schema.$ref.split('/').at(-1)];
  return {
    ...operation,
    requestBody: { required: body.required !== undefined, content: { 'application/json': { schema: body } } },
  };
}

/**
 * What `npm run client:generate` makes of openapi.json. A route that takes GET and POST is called by POST, whose filters
 * nest, under the name of both: `getListPost` is `getList`.
 */
export default {
  input: document,
  output: { path: 'client/src/generated', module: { extension: '.js' } },
  plugins: [
    '@hey-api/typescript',
    { name: '@hey-api/client-fetch', throwOnError: true },
    {
      name: '@hey-api/sdk',
      client: false,
      operations: { strategy: 'single', containerName: 'CustomerHub', nestingDelimiters: /_/ },
      paramsStructure: 'flat',
      responseStyle: 'data',
    },
  ],
};
