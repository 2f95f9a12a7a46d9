import { TestApp } from '../app';

/** Operations whose example is refused on the demo data: they need a token of one's own, or WeCom. */
const REFUSED = [
  'auth_checkTicket',
  'auth_refreshToken',
  'wechatCustomers_synchBaseData',
  'wechatCustomers_synchBaseDataPost',
  'wechatCustomers_synchMemberBaseData',
  'wechatCustomers_synchMemberBaseDataPost',
  'wechatCustomers_remark',
  'wechatCustomers_remarkPost',
  'wechatCustomers_markTag',
  'wechatCustomers_markTagPost',
];

interface Parameter {
  name: string;
  in: 'path' | 'query';
  example?: unknown;
  schema: { example?: unknown };
}

/** What an integrator gets who sends the examples as they are: each in the order of the document, on the demo data. */
test('every example of a request gets the example of its answer', async () => {
  const app = await TestApp.start();
  const { paths } = (await app.send('/docs-json', { method: 'GET' })).body;
  const token = await app.manage(1);
  const refused: string[] = [];
  const others: unknown[] = [];
  for (const [path, operations] of Object.entries(paths as Record<string, object>)) {
    for (const [method, operation] of Object.entries(operations)) {
      const { operationId, parameters = [], requestBody, responses } = operation;
      const target = targetOf(path, parameters as Parameter[]);
      const json = method === 'post' ? bodyOf(requestBody) : undefined;
      const { body } = await app.send(target, { method: method.toUpperCase(), json, token }); // checked with the document
      const { value } = responses['200'].content['application/json'].examples.成功;
      if ((body.code ?? body.result) !== (value.code ?? value.result)) refused.push(operationId as string);
      else if (!isAlike(body, value)) others.push([operationId, body, value]);
    }
  }
  await app.stop();
  expect(others).toEqual([]);
  expect(refused.sort()).toEqual([...REFUSED].sort());
});

function targetOf(path: string, parameters: Parameter[]): string {
  const query = new URLSearchParams();
  let target = path;
  for (const { name, in: place, schema, example = schema.example } of parameters) {
    if (place === 'path') target = target.replace(`{${name}}`, String(example));
    else for (const value of [example].flat()) query.append(name, String(value));
  }
  return query.size > 0 ? `${target}?${query.toString()}` : target;
}

function bodyOf(requestBody: any): unknown {
  const { example, examples } = requestBody?.content['application/json'] ?? {};
  return example ?? Object.values<any>(examples ?? {})[0]?.value ?? {};
}

/** Whether two values have the same keys in the same order, and the same types; of lists the first items count. */
function isAlike(one: any, other: any): boolean {
  if (one === null || other === null) return true;
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === 0 || other.length === 0 || isAlike(one[0], other[0]);
  }
  if (typeof one !== 'object' || typeof other !== 'object') return typeof one === typeof other;
  const [keys, otherKeys] = [Object.keys(one as object), Object.keys(other as object)];
  return keys.join() === otherKeys.join() && keys.every((key) => isAlike(one[key], other[key]));
}
