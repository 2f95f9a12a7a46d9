import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { readEnv } from '../../../src/config/env';
import { connect } from '../../../src/database/connect';
import { dataSourceOptions } from '../../../src/schema/data-source';
import { fillDemoData } from '../../../src/schema/demo/fill';
import { buildContact, buildFollow, buildUserCustomer } from '../../factories';
import { freePort, MariadbServer } from '../../mariadb/server';
import { Program } from '../../program';
import { expectInMemory, expectInTime } from './bars';
import { measured, percentile } from '../measured';
import { longestDelay, METRICS_TOKEN, peakMegabytes } from '../process-figures';
import { SteadyLoad } from '../steady-load';
import { UNLIMITED } from '../unlimited';

const AT_ONCE = 60;
const OTHERS_PER_SECOND = 50;

/** The longest texts that a column of a list holds: 65,535 bytes each. */
const LONGEST = { latin: 'x'.repeat(65_535), chinese: '客'.repeat(21_845) };

const RELATIONS = 900;
const FOLLOWS = 110;

/** Relations of user 998 and follows of enterprise 1 whose texts are as long as can be. */
async function fill(dataSource: DataSource): Promise<void> {
  await fillDemoData(dataSource);
  for (let n = 0; n < RELATIONS; n++) {
    await buildUserCustomer(dataSource, { template: LONGEST.chinese, script: LONGEST.latin });
  }
  for (let n = 0; n < FOLLOWS; n++) {
    const contact = await buildContact(dataSource, { externalProfile: LONGEST.latin });
    await buildFollow(dataSource, { contact, tagId: LONGEST.latin });
  }
}

/** The answer beyond the bound, in each family's envelope. */
const TOO_LARGE = {
  mix: (advice: string) => `{"code":500,"msg":"返回的内容超过8MB，请${advice}","mix_code":230001,`,
  business: (advice: string) => `{"result":0,"msg":"返回的内容超过8MB，请${advice}","data":[]}`,
};

const LIST = '/api/user_customer/get_list';
const FOLLOW_LIST = '/business/2/plugin/WechatCustomers/getList';

/** Requests for pages of the longest rows, and how their answers begin. */
const PAGES: [name: string, path: string, json: object, begins: string][] = [
  ['900 relations', LIST, { page_size: 900 }, TOO_LARGE.mix('减小 page_size')],
  ['all relations', LIST, { is_all: 1 }, TOO_LARGE.mix('分页查询')],
  ['60 relations', LIST, { page_size: 60 }, '{"code":200,'],
  ['20 relations', LIST, {}, '{"code":200,'],
  ['110 follows', FOLLOW_LIST, { per_page: 110 }, TOO_LARGE.business('减小 per_page')],
  ['60 follows', FOLLOW_LIST, { per_page: 60 }, '{"result":1,'],
  ['15 follows', FOLLOW_LIST, {}, '{"result":1,'],
];

const isDefaultPage = (json: object) => Object.keys(json).length === 0;

/** Pages of the longest texts: bounded answers, and little memory and time taken from others. */
describe.each(['sqlite', 'mariadb'] as const)('pages of the longest rows on %s', (engine) => {
  let directory: string;
  let server: MariadbServer | undefined;
  let databaseUrl: string;
  let program: Program;
  let token: string;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'customer-hub-pages-'));
    if (engine === 'mariadb') server = await MariadbServer.start();
    databaseUrl = server ? await createHub(server) : `sqlite:${join(directory, 'hub.sqlite')}`;
    const setup = await connect(dataSourceOptions(readEnv({ DATABASE_URL: databaseUrl, DEMO_DATA: 'true' })));
    await setup.runMigrations();
    await fill(setup);
    await setup.destroy();
  });

  beforeEach(async () => {
    const settings = { DATABASE_URL: databaseUrl, METRICS_TOKEN, BUSINESS_PAGE_SIZE_MAX: '1000', ...UNLIMITED };
    program = await new Program(mkdtempSync(join(directory, 'program-')), await freePort(), settings).ready();
    ({ token } = (await program.login()).result);
    await program.post('/business/2/admin/manageBusiness', { id: 1 }, token);
  });

  afterEach(() => program.kill('SIGKILL'));

  afterAll(async () => {
    await server?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const send = (path: string, json: object) =>
    fetch(`http://127.0.0.1:${program.port}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(json),
    });

  /** Reads an answer without keeping it. */
  const readAway = async (path: string, json: object) => {
    const response = await send(path, json);
    let [begins, bytes] = ['', 0];
    for await (const chunk of response.body!) {
      if (bytes === 0) begins = new TextDecoder().decode(chunk as Uint8Array);
      bytes += (chunk as Uint8Array).length;
    }
    return { status: response.status, begins, bytes };
  };

  test.each(PAGES)(
    '%s, 60 at once: others are answered, memory and event loop bounded',
    async (name, path, json, begins) => {
      const others = new SteadyLoad(OTHERS_PER_SECOND, () =>
        send('/api/user_customer/get', { user_id: 998, customer_id: 1001 }),
      );
      const before = peakMegabytes(program);
      await longestDelay(program);
      const begun = performance.now();
      const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => readAway(path, json)));
      const seconds = (performance.now() - begun) / 1000;
      const delay = await longestDelay(program);
      const outcomes = await others.stop();
      const times = outcomes.map(({ milliseconds }) => milliseconds);
      const failed = outcomes.filter(({ status }) => status !== 200);
      const figures = { rss: peakMegabytes(program), delay, p99: percentile(times, 0.99) };
      measured(`${AT_ONCE} pages at once on ${engine}, ${name}`, {
        'bytes of one': Math.max(...answers.map(({ bytes }) => bytes)),
        'HTTP 503': answers.filter(({ status }) => status === 503).length,
        'all after (s)': seconds.toFixed(1),
        'RSS before (MB)': before,
        'peak RSS (MB)': figures.rss,
        'longest delay of the event loop (ms)': delay.toFixed(0),
        'requests beside them': times.length,
        'their p99 (ms)': figures.p99.toFixed(0),
        'of them failed': failed.length,
      });
      // On a slow machine the last in the line wait too long for their turn and are refused.
      const answered = answers.filter(({ status }) => status !== 503);
      expect(answered).not.toEqual([]);
      for (const answer of answered) {
        expect({ ...answer, begins: answer.begins.slice(0, begins.length) }).toEqual({
          ...answer,
          status: 200,
          begins,
        });
      }
      expect(failed).toEqual([]);
      expectInMemory('memory under a flood of large pages', figures.rss);
      expectInTime('the longest delay of the event loop under a flood', figures.delay);
      if (isDefaultPage(json)) return; // not known as heavy before it is read: others wait, and their time is only printed
      // On MariaDB many connections are cut and opened again, and some others wait for seconds: their time is only printed.
      if (engine === 'sqlite') expectInTime('p99 of requests beside a flood', figures.p99);
    },
  );
});

async function createHub(server: MariadbServer): Promise<string> {
  const setup = await connect({ ...dataSourceOptions(readEnv({ DATABASE_URL: `${server.url}mysql` })) });
  await setup.query('CREATE DATABASE hub CHARACTER SET utf8mb4 COLLATE utf8mb4_bin');
  await setup.destroy();
  return `${server.url}hub`;
}
