import type { DataSource } from 'typeorm';
import { ADDERS } from '../data/accounts';
import type { RunningServer } from './contenders';
import type { WireRequest, Workload } from './workload';

const SAMPLES_PER_KIND = 5;
const CONTEXT = 60;
/** Headers that differ from answer to answer. */
const VARYING = ['date', 'x-request-id'];

/**
 * Sends the same requests to all servers and compares their answers byte for byte with those of the first, and where
 * a server has the product's duties, headers and audit log, too.
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
    const { text } = expected;
    if (!isSuccess(text)) found.push(`${name}: the product itself answers ${text.slice(0, 2 * CONTEXT)}`);
    for (const other of others) {
      const difference = differenceOf(other, expected, await answer(other, request, asForm));
      if (difference) found.push(`${name}: ${other.name}\n  ${request.path}\n${difference}`);
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
  const results: Given[] = [];
  for (const server of servers) {
    const first = await answer(server, request, false);
    const second = await answer(server, request, false);
    const rows = await takeOut(dataSource, 'user_customer', RELATION_COLUMNS);
    const audit = await takeOut(dataSource, 'audit_entry', AUDIT_COLUMNS);
    const text = isSuccess(first.text)
      ? `${first.text}\n${second.text}\n${rows}`
      : `${server.name} refuses: ${first.text}`;
    results.push({ text, ofDuty: audit });
  }
  return servers.flatMap((server, index) => {
    const difference = differenceOf(server, results[0]!, results[index]!);
    return difference ? [`add: ${server.name}\n${difference}`] : [];
  });
}

const RELATION_COLUMNS =
  'user_id, customer_id, template, script, reference, LENGTH(created) AS length, is_available, boss_sync';

const AUDIT_COLUMNS =
  'LENGTH(at) AS length, kind, action, actor_id, actor, address, user_id, customer_id, enterprise_id, changes';

/** Deletes the rows about the user who adds. @returns them as JSON */
async function takeOut(dataSource: DataSource, table: string, columns: string): Promise<string> {
  const where = `WHERE user_id = ${ADDERS.firstUserId}`;
  const rows = await dataSource.query<object[]>(`SELECT ${columns} FROM ${table} ${where}`);
  await dataSource.query(`DELETE FROM ${table} ${where}`);
  return JSON.stringify(rows);
}

/** What a server gave to a request. */
interface Given {
  /** What all servers must give alike: of an answer status, content type and body. */
  text: string;
  /** What those with the product's duties must give alike, too: the headers, or the audit log. */
  ofDuty: string;
}

async function answer(
  server: RunningServer,
  { method, path, token, body }: WireRequest,
  asForm: boolean,
): Promise<Given> {
  const headers: Record<string, string> = { authorization: `Bearer ${token}` };
  if (body && !asForm) headers['content-type'] = 'application/json';
  const form = asForm ? new URLSearchParams(JSON.parse(body!) as Record<string, string>) : undefined;
  const response = await fetch(server.origin + path, { method, headers, body: form ?? body });
  const text = `${response.status} ${response.headers.get('content-type')}\n${await response.text()}`;
  const shown = [...response.headers].map(([name, value]) => (VARYING.includes(name) ? name : `${name}: ${value}`));
  return { text, ofDuty: shown.join('\n') };
}

/** Guards against servers that all fail alike, which would pass for equal. */
function isSuccess(answered: string): boolean {
  return /^200 application\/json.*\n\{"(code":200|result":1),/.test(answered);
}

/** @returns undefined where what a server gave is what the product gave */
function differenceOf({ contender }: RunningServer, expected: Given, given: Given): string | undefined {
  const compared = ({ text, ofDuty }: Given) => (contender.hasDuties ? `${text}\n${ofDuty}` : text);
  if (compared(given) === compared(expected)) return undefined;
  return firstDifference(compared(expected), compared(given));
}

function firstDifference(expected: string, given: string): string {
  let at = 0;
  while (at < expected.length && expected[at] === given[at]) at++;
  const excerpt = (text: string) => JSON.stringify(text.slice(Math.max(at - CONTEXT, 0), at + CONTEXT));
  return `  product ${excerpt(expected)}\n  it      ${excerpt(given)}`;
}
