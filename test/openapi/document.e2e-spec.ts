import { readFileSync, writeFileSync } from 'node:fs';
import { version } from '../../src/base/version';
import { createDocument } from '../../src/http/openapi/document';
import { RelationReply } from '../../src/user-customer/user-customer.reply';
import { TestApp } from '../app';
import { DocumentedAnswers, OpenApi } from './answers';

/** `npm run openapi` writes the document; any other run compares it. */
const WRITES = process.env.WRITE_OPENAPI === '1';
const FILE = 'openapi.json';

/** The names of a class's documented properties, as Nest keeps them. */
const PROPERTIES = 'swagger/apiModelPropertiesArray';

const textOf = (document: object) => `${JSON.stringify(document, null, 2)}\n`;

describe('the OpenAPI document', () => {
  let app: TestApp;
  let document: any;

  beforeAll(async () => {
    app = await TestApp.start();
    document = (await app.send('/docs-json', { method: 'GET' })).body;
  });
  afterAll(() => app.stop());

  const operations = () => Object.values<object>(document.paths).flatMap((path): any[] => Object.values(path));

  test('equals the committed one (npm run openapi writes it anew)', () => {
    if (WRITES) writeFileSync(FILE, textOf(document));
    expect(textOf(document)).toBe(readFileSync(FILE, 'utf8'));
  });

  test('is OpenAPI 3.1 of this version', () => {
    expect([document.openapi, document.info.version, document.info.license.name]).toEqual(['3.1.0', version(), 'MIT']);
    expect(JSON.stringify(document)).not.toMatch(/"nullable"|"type":"number"/);
  });

  test('names every operation after its part and method', () => {
    const ids = operations().map(({ operationId }) => operationId as string);
    expect(ids.filter((id) => !/^[a-z]\w+_[a-z]\w+$/.test(id))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining(['userCustomer_getList', 'wechatCustomers_getList']));
    expect(document.paths['/business/{uniacid}/plugin/WechatCustomers/getList'].post.operationId).toBe(
      'wechatCustomers_getListPost',
    );
    expect(Object.keys(document.paths as object).at(-1)).toBe('/api/logout');
  });

  test('asks for a token but on public routes', () => {
    const isPublic = Object.keys(document.paths as object).filter((path) => {
      const { get, post } = document.paths[path];
      return (get ?? post).security.length === 0;
    });
    expect(isPublic.filter((path) => !path.startsWith('/addons/'))).toEqual([
      ...['/api/login', '/api/app/login', '/api/check_ticket', '/api/refresh_token'],
    ]);
  });

  test('shows an example of every parameter', () => {
    const inQuery = operations().flatMap(({ parameters }) => parameters ?? []);
    const bare = inQuery.filter(({ example, schema }: any) => (example ?? schema.example) === undefined);
    expect(bare).toEqual([]);
    const fields = Object.entries(document.components.schemas as object)
      .filter(([name]) => /(Dto|Reply)$/.test(name))
      .flatMap(([name, { properties }]) =>
        Object.entries(properties as object).map(([key, field]) => [name, key, field]),
      );
    const isObject = (field: any) => '$ref' in field || 'allOf' in field || 'anyOf' in field || 'items' in field;
    expect(fields.filter(([, , field]) => field.example === undefined && !isObject(field))).toEqual([]);
  });

  test('has the public address beside the own', async () => {
    expect(document.servers.map(({ url }: { url: string }) => url)).toEqual(['/']);
    const { servers } = createDocument(app.app, 'https://hub.example/crm');
    expect(servers!.map(({ url }) => url)).toEqual(['/crm', 'https://hub.example/crm']);
  });

  test('changes when a field is deleted from a reply, which real answers then contradict', async () => {
    const names = Reflect.getMetadata(PROPERTIES, RelationReply.prototype) as string[];
    const others = names.filter((name) => name !== ':reference');
    Reflect.defineMetadata(PROPERTIES, others, RelationReply.prototype);
    const changed = createDocument(app.app);
    Reflect.defineMetadata(PROPERTIES, names, RelationReply.prototype);
    expect(textOf(changed)).not.toBe(readFileSync(FILE, 'utf8'));
    const path = '/api/user_customer/get';
    const answer = await app.send(path, { json: { user_id: 998, customer_id: 1001 }, token: await app.login() });
    const answers = new DocumentedAnswers(changed as unknown as OpenApi);
    expect(answers.complaint('POST', path, answer)).toMatch('must NOT have additional properties');
  });
});
