import type { DataSource } from 'typeorm';
import { ADDERS } from '../data/accounts';
import type { RunningServer } from './contenders';
import type { WireRequest, Workload } from './workload';

const SAMPLES_PER_KIND = 5;
const CONTEXT = 60;

/**
 * Sends the same requests to all servers and compares their answers byte for byte with those of the first.
 * @returns the differences, one text each
 */
export async function differences(
  servers: RunningServer[],
  workload: Workload,
  dataSource: DataSource,
): Promise<string[]> {
  const found: string[] = [];
  const compare = async (name: string, request: WireRequest, asForm = false) => {
    const [product, ...others] = servers;
    const expected = await answer(product!, request, asForm);
    if (!isSuccess(expected)) found.push(`${name}: the product itself answers ${expected.slice(0, 2 * CONTEXT)}`);
    for (const other of others) {
      const given = await answer(other, request, asForm);
      if (given !== expected)
        found.push(`${name}: ${other.name}\n  ${request.path}\n${firstDifference(expected, given)}`);
    }
  };
  for (const kind of workload.kinds.filter(({ name }) => name !== 'add')) {
    for (let n = 0; n < SAMPLES_PER_KIND; n++) await compare(kind.name, kind.next());
  }
  for (const kind of ['get', 'get_list', 'get_customer_list']) {
    await compare(`${kind} as a form`, workload.kind(kind).next(), true);
  }
  await compare('get_list, everybody', workload.post('/api/user_customer/get_list', { page_index: 3, page_size: 50 }));
  await compare('getList, page 3', workload.getList({ page: 3, per_page: 50 }));
  await compare('getList, past the end', workload.getList({ page: 99_999 }));
  await compare('getList, POST', { ...workload.post(workload.getList({}).path, { page: 2, search: { status: 1 } }) });
  found.push(...(await differentAdds(servers, workload, dataSource)));
  return found;
}

/** Lets every server add the same pair, and compares the answers and, except for the time, the rows. */
async function differentAdds(servers: RunningServer[], workload: Workload, dataSource: DataSource): Promise<string[]> {
  const request = workload.kind('add').next();
  const results: string[] = [];
  for (const server of servers) {
    const first = await answer(server, request, false);
    const second = await answer(server, request, false);
    const rows = await dataSource.query<object[]>(
      'SELECT user_id, customer_id, template, script, reference, LENGTH(created) AS length, is_available, boss_sync ' +
        `FROM user_customer WHERE user_id = ${ADDERS.firstUserId}`,
    );
    await dataSource.query(`DELETE FROM user_customer WHERE user_id = ${ADDERS.firstUserId}`);
    if (!isSuccess(first)) results.push(`${server.name} refuses: ${first}`);
    else results.push(`${first}\n${second}\n${JSON.stringify(rows)}`);
  }
  return servers.flatMap(({ name }, index) =>
    results[index] === results[0] ? [] : [`add: ${name}\n${firstDifference(results[0]!, results[index]!)}`],
  );
}

/** Status, content type and body of one answer. */
async function answer(server: RunningServer, { method, path, token, body }: WireRequest, asForm: boolean) {
  const headers: Record<string, string> = { authorization: `Bearer ${token}` };
  if (body && !asForm) headers['content-type'] = 'application/json';
  const form = asForm ? new URLSearchParams(JSON.parse(body!) as Record<string, string>) : undefined;
  const response = await fetch(server.origin + path, { method, headers, body: form ?? body });
  return `${response.status} ${response.headers.get('content-type')}\n${await response.text()}`;
}

/** Guards against servers that all fail alike, which would pass for equal. */
function isSuccess(answered: string): boolean {
  return /^200 application\/json.*\n\{"(code":200|result":1),/.test(answered);
}

function firstDifference(expected: string, given: string): string {
  let at = 0;
  while (at < expected.length && expected[at] === given[at]) at++;
  const excerpt = (text: string) => JSON.stringify(text.slice(Math.max(at - CONTEXT, 0), at + CONTEXT));
  return `  product ${excerpt(expected)}\n  it      ${excerpt(given)}`;
}
