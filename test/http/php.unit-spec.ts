import * as fc from 'fast-check';
import fastify, { FastifyInstance } from 'fastify';
import { addBodyParsers } from '../../src/http/input/body-parsers';
import { pageNumber } from '../../src/http/input/fields';
import { assertReadable, parseQueryString } from '../../src/http/input/php-params';
import { exchangeBytes } from '../raw-socket';
import { PhpRequest, phpRequest } from './php/requests';
import { PhpAnswer, PhpServer } from './php/server';

const REQUESTS = 2000;
const SEED = 20_251_127;

/** What our readers make of a request: the parameters of its query or its body, or the sentence of the refusal. */
interface OurAnswer {
  query?: unknown;
  body?: unknown;
  page?: number;
  refused?: string;
}

/** Every reason to refuse what PHP reads, in part or as something else than the client meant. */
const REFUSALS = [
  '参数名不正确',
  '参数必须是 UTF-8 编码',
  '不能大于9007199254740991', // a page
  '请求体不是合法的 multipart/form-data',
  '不支持上传文件',
  '请求体必须是 JSON 对象',
  '请求体不是合法的 JSON',
];

/** The readers of every request, without the routes behind them. */
async function startReaders(): Promise<FastifyInstance> {
  const server = fastify({ routerOptions: { querystringParser: parseQueryString } });
  addBodyParsers(server);
  server.setErrorHandler((error: Error, _request, reply) => reply.send({ refused: error.message }));
  server.route({
    method: ['GET', 'POST'],
    url: '/',
    handler: ({ query, body }): OurAnswer => {
      assertReadable(query);
      const given = { ...(query as object), ...(body as object | undefined) } as { page?: unknown };
      return { query, body: body ?? {}, page: pageNumber(given.page) };
    },
  });
  await server.listen({ port: 0, host: '127.0.0.1' });
  return server;
}

/**
 * A value by its keys alone. PHP's list is a JSON array where its keys are 0 … n-1 in this order; ours is an array where
 * they are in any order; `[]` and `{}` are PHP's one empty array. Numbers compare as doubles.
 */
function byKeys(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, byKeys(inner)] as const);
  return entries.sort(([a], [b]) => (a < b ? -1 : 1));
}

const isInstalled = PhpServer.isInstalled();
if (!isInstalled) {
  const line = 'Comparison with PHP skipped: php is not installed';
  if (process.env.REQUIRE_PHP === '1') throw new Error(line);
  console.warn(line);
}

(isInstalled ? describe : describe.skip)('what PHP reads of a request', () => {
  let php: PhpServer;
  let readers: FastifyInstance;

  beforeAll(async () => {
    [php, readers] = await Promise.all([PhpServer.start(), startReaders()]);
  });

  afterAll(() => Promise.all([php.stop(), readers.close()]));

  const send = async <T>(url: string, { query, type, body, kind }: PhpRequest): Promise<T> => {
    const method = kind === 'query' ? 'GET' : 'POST';
    const headers = type === '' ? [] : [`Content-Type: ${type}`, `Content-Length: ${Buffer.byteLength(body)}`];
    const answer = await exchangeBytes(url, [`${method} /?${query} HTTP/1.1`, ...headers], body);
    if (answer.body === undefined) throw new Error(`no JSON: ${answer.text}`);
    return answer.body as T;
  };

  test(`is read alike or refused: ${REQUESTS} requests`, async () => {
    const counts: Record<string, number> = {};
    const ours = readers.listeningOrigin;
    for (const request of fc.sample(phpRequest, { seed: SEED, numRuns: REQUESTS })) {
      const [expected, actual] = await Promise.all([send<PhpAnswer>(php.url, request), send<OurAnswer>(ours, request)]);
      const outcome = actual.refused ?? `${request.kind} read alike`;
      counts[outcome] = (counts[outcome] ?? 0) + 1;
      if (actual.refused !== undefined) continue;
      try {
        expect(byKeys(actual.query)).toEqual(byKeys(expected.query));
        expect(byKeys(actual.body)).toEqual(byKeys(request.kind === 'json' ? (expected.json ?? {}) : expected.form));
        expect(actual.page).toBe(expected.page);
      } catch (error) {
        throw new Error(`${JSON.stringify(request)} is read differently`, { cause: error });
      }
    }
    process.stdout.write(`${REQUESTS} requests beside PHP: ${JSON.stringify(counts)}\n`);
    const refusals = Object.keys(counts).filter((outcome) => !outcome.endsWith('read alike'));
    expect(refusals.sort()).toEqual([...REFUSALS].sort());
    const refused = refusals.reduce((sum, outcome) => sum + counts[outcome]!, 0);
    expect(refused / REQUESTS).toBeLessThan(0.25);
    for (const kind of ['query', 'form', 'multipart', 'json']) {
      expect(counts[`${kind} read alike`]).toBeGreaterThan(REQUESTS / 8);
    }
  });
});
