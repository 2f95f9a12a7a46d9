import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection, createConnection, RowDataPacket } from 'mysql2/promise';
import { runCli } from '../cli';
import { freePort, MariadbServer } from '../mariadb/server';
import { Program } from '../program';
import { measured } from './measured';
import { Meddler } from './meddler';

/** A server as a hosting company may run it: options of mariadbd, and the name of our database. */
interface SetUp {
  options: string[];
  database?: string;
}

/** What a server may do to the sessions of accounts without SUPER. */
const atConnect = (...settings: string[]) => `--init-connect=SET ${settings.join(', ')}`;

const SET_UPS: Record<string, SetUp> = {
  'keeps to latin1, whatever clients say': {
    options: ['--skip-character-set-client-handshake', '--character-set-server=latin1'],
  },
  'greets clients in latin1': { options: [atConnect('NAMES latin1')] },
  'greets clients in gbk, the server in utf16': {
    options: [atConnect('NAMES gbk'), '--character-set-server=utf16'],
  },
  'reads SQL in modes of its own': {
    options: [
      `--sql-mode=ANSI_QUOTES,PIPES_AS_CONCAT,IGNORE_SPACE,HIGH_NOT_PRECEDENCE,NO_AUTO_VALUE_ON_ZERO,NO_DIR_IN_CREATE,
        NO_UNSIGNED_SUBTRACTION,ONLY_FULL_GROUP_BY,PAD_CHAR_TO_FULL_LENGTH,REAL_AS_FLOAT,SIMULTANEOUS_ASSIGNMENT,
        TIME_ROUND_FRACTIONAL`.replace(/\s/g, ''),
    ],
  },
  "reads Oracle's SQL, an empty text as NULL": { options: ['--sql-mode=ORACLE,EMPTY_STRING_IS_NULL'] },
  'reads the SQL of other vendors': { options: ['--sql-mode=MSSQL,DB2,MAXDB,POSTGRESQL,MYSQL40,MYSQL323'] },
  'is not strict and escapes nothing': { options: ['--sql-mode=NO_BACKSLASH_ESCAPES,ALLOW_INVALID_DATES'] },
  'counts keys by threes, without transactions': {
    options: ['--auto-increment-increment=3', '--auto-increment-offset=2', '--default-storage-engine=MyISAM'],
  },
  'commits nothing by itself, reads uncommitted rows and takes no writes': {
    options: [
      '--autocommit=0',
      '--completion-type=CHAIN',
      '--transaction-isolation=READ-UNCOMMITTED',
      '--transaction-read-only=1',
    ],
  },
  'protects itself': {
    options: [
      atConnect('sql_safe_updates = 1', 'sql_select_limit = 1', 'sql_auto_is_null = 1', 'unique_checks = 0'),
      '--max-join-size=1',
      '--max-sort-length=64',
      '--max-statement-time=0.5',
      '--innodb-lock-wait-timeout=1',
    ],
  },
  'has names in Chinese, with dots and dashes': { options: [], database: '客户.hub-1.x' },
  'has names without capitals': { options: ['--lower-case-table-names=1'], database: 'Hub' },
};

const LIST = '/business/2/plugin/WechatCustomers/getList';
const PAIR = { user_id: 998, customer_id: 7001 };
const NAME = '中文 😀 \\ " `%_';
const TEXT = `${NAME}'`;

/** Requests whose answers are the same bytes on every server. */
const READS: [path: string, json: object][] = [
  ['/api/user', {}],
  ['/api/customer/get', { customer_id: 1001 }],
  ['/api/user_customer/get_list', {}],
  ['/api/user_customer/get_list', { condition: [['created', '>=', '2018-11-28 11:00:00']] }],
  ['/api/user_customer/get_customer_list', { user_id: 998 }],
  ['/business/2/admin/businessList', {}],
  [LIST, {}],
  [LIST, { search: { customer: '杨欣怡' } }],
  [LIST, { search: { remark: '回访' } }],
  ['/business/2/plugin/WechatCustomers/getTagList', {}],
];

const WRONG = '用户名或密码错误';
const TOO_MANY = '密码错误次数过多，请15分钟后重试';

let directory: string;
const programs: Program[] = [];
const servers: MariadbServer[] = [];

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'customer-hub-hosting-'));
});

afterEach(async () => {
  await Promise.all(programs.splice(0).map((program) => program.kill('SIGKILL')));
  for (const server of servers.splice(0)) await server.stop();
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Starts a server with an empty database of ours. @returns it and the URL for an account without SUPER */
async function host({ options, database = 'hub' }: SetUp): Promise<{ server: MariadbServer; url: string }> {
  const server = await MariadbServer.start(options);
  servers.push(server);
  await inServer(server, async (root) => {
    await root.query(`CREATE DATABASE \`${database}\``);
    await root.query("CREATE USER '用户-1'@'%' IDENTIFIED BY 'p@ss:/?#[]%密码'");
    await root.query(`GRANT ALL ON \`${database}\`.* TO '用户-1'@'%'`);
    await root.query("CREATE USER hub@'%'");
    await root.query(`GRANT ALL ON \`${database}\`.* TO hub@'%'`);
  });
  return { server, url: `mariadb://hub@127.0.0.1:${new URL(server.url).port}/${encodeURIComponent(database)}` };
}

/** Asks the server as root, whose session is like any other only after this. */
async function inServer<Result>(server: MariadbServer, work: (root: Connection) => Promise<Result>): Promise<Result> {
  const root = await createConnection({ uri: server.url });
  await root.query("SET NAMES utf8mb4, sql_mode = '', autocommit = 1, sql_big_selects = 1");
  await root.query('SET SESSION TRANSACTION READ WRITE');
  try {
    return await work(root);
  } finally {
    await root.end();
  }
}

async function command(url: string, words: string, input?: string): Promise<void> {
  expect(await runCli(url, words, input)).toMatchObject({ code: 0, stderr: '' });
}

async function start(url?: string): Promise<Program> {
  const settings = { PUBLIC_URL: 'https://hub.example', LOG_LEVEL: 'fatal', ...(url && { DATABASE_URL: url }) };
  const program = new Program(mkdtempSync(join(directory, 'program-')), await freePort(), settings);
  programs.push(program);
  return program;
}

async function signIn(program: Program): Promise<string> {
  const { token } = (await program.login()).result as { token: string };
  await program.post('/business/2/admin/manageBusiness', { id: 1 }, token);
  return token;
}

/** The bytes of an answer. */
async function ask({ port }: Program, [path, json]: (typeof READS)[number], token: string): Promise<string> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const body = JSON.stringify(json);
  return (await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', headers, body })).text();
}

async function askAll(program: Program, token: string): Promise<string[]> {
  const answers: string[] = [];
  for (const read of READS) answers.push(await ask(program, read, token));
  return answers;
}

describe("a hosting company's server", () => {
  let expected: string[];

  /** The same requests on SQLite, where nothing is set up badly. */
  beforeAll(async () => {
    const program = await (await start()).ready();
    expected = await askAll(program, await signIn(program));
    expect(expected.join('')).toMatch(/示例客户一.*芸众.*赵梦琪-回访/s);
    await program.kill('SIGTERM');
  });

  test.each(Object.entries(SET_UPS))('that %s', async (_, setUp) => {
    const { server, url } = await host(setUp);
    for (const words of ['migrate', 'demo', 'reindex']) await command(url, words);

    const program = await (await start(url)).ready();
    const token = await signIn(program);
    expect(await askAll(program, token)).toEqual(expected);

    // A text that a command wrote, and one that a request wrote.
    await command(url, `customer add 7001 '${NAME}'`, 'CODE');
    const customer = await program.post('/api/customer/get', { customer_id: 7001 }, token);
    expect(customer.result).toMatchObject({ customer_name: NAME, description: '' });
    const relation = { ...PAIR, script: TEXT, reference: '', secret: 'CODE' };
    expect((await program.post('/api/user_customer/add', relation, token)).code).toBe(200);
    const { result } = await program.post('/api/user_customer/get', PAIR, token);
    expect(result).toMatchObject({ script: TEXT, reference: '' });

    for (let n = 0; n < 10; n++) {
      const { msg } = await program.post('/api/login', { username: 'guest', password: `wrong ${n}` });
      expect(msg).toBe(WRONG);
    }
    expect((await program.post('/api/login', { username: 'guest', password: 'demo-guest' })).msg).toBe(TOO_MANY);

    const stored = await inServer(server, async (root) => {
      await root.query(`USE \`${setUp.database ?? 'hub'}\``);
      const [[row]] = await root.query<RowDataPacket[]>(
        `SELECT HEX(customer.name) AS name, HEX(relation.script) AS script, HEX(relation.reference) AS reference,
           (SELECT COUNT(*) FROM failed_attempt) AS failures
         FROM user_customer relation JOIN customer USING (customer_id) WHERE customer_id = ${PAIR.customer_id}`,
      );
      return row;
    });
    expect(stored).toEqual({ name: hexOf(NAME), script: hexOf(TEXT), reference: '', failures: 30 });
  });

  test('that reads names in utf8mb4 is entered by an account with a Chinese name and password', async () => {
    const { server } = await host({ options: [] });
    const account = `${encodeURIComponent('用户-1')}:${encodeURIComponent('p@ss:/?#[]%密码')}`;
    await command(`mariadb://${account}@127.0.0.1:${new URL(server.url).port}/hub`, 'migrate');
  });

  test('that changes while we serve: its new connections are settled like the first', async () => {
    const { server, url } = await host({ options: [] });
    await command(url, 'migrate');
    await command(url, 'demo');
    const program = await (await start(url)).ready();
    const token = await signIn(program);
    await inServer(server, async (root) => {
      await root.query(
        "SET GLOBAL sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES', GLOBAL init_connect = 'SET NAMES latin1'",
      );
      await root.query('KILL USER hub');
    });
    await untilServed(program, token);
    expect(await askAll(program, token)).toEqual(expected);
  });
});

describe('a proxy that meddles with our settings', () => {
  let server: MariadbServer;
  let meddler: Meddler;
  let url: string;

  beforeEach(async () => {
    const hosted = await host({ options: [] });
    server = hosted.server;
    await command(hosted.url, 'migrate');
    await command(hosted.url, 'demo');
    meddler = await Meddler.start(Number(new URL(hosted.url).port));
    url = hosted.url.replace(/:\d+\//, `:${meddler.port}/`);
  });

  afterEach(() => meddler.stop());

  const MEDDLINGS: [what: string, rewrite: [string, string], reason: string][] = [
    [
      'character set',
      ['NAMES utf8mb4 COLLATE utf8mb4_bin', 'NAMES latin1 COLLATE latin1_bin'],
      'the database server, or a proxy before it, garbles text: it does not keep to utf8mb4',
    ],
    [
      'sql_mode',
      ["NO_ENGINE_SUBSTITUTION'", "PIPES_AS_CONCAT'"],
      'the database server, or a proxy before it, keeps a sql_mode of its own',
    ],
    [
      'names',
      ['max_sort_length', 'max_length'],
      'the database server refuses the settings that the program relies on (ER_UNKNOWN_SYSTEM_VARIABLE)',
    ],
  ];

  test('is refused in one line by program and commands', async () => {
    for (const [, rewrite, reason] of MEDDLINGS) {
      meddler.rewrite = rewrite;
      const { code, stderr } = await (await start(url)).exited;
      expect([code, stderr]).toEqual([1, `customer-hub cannot start: ${reason}\n`]);
      for (const words of ['migrate', 'account list']) {
        expect(await runCli(url, words)).toEqual({ code: 1, stdout: '', stderr: `customer-hub: ${reason}\n` });
      }
    }
  });

  test('while we serve, gets no statement: requests are 503 until it stops', async () => {
    const program = await (await start(url)).ready();
    const token = await signIn(program);
    const edit = { user_id: 998, customer_id: 1001, script: TEXT };
    for (const [, rewrite] of MEDDLINGS) {
      meddler.rewrite = rewrite;
      meddler.cut();
      const answers = await Promise.all([
        program.post('/api/user_customer/edit', edit, token),
        program.post('/api/login', { username: 'admin', password: 'demo-admin' }),
        program.post(LIST, {}, token),
      ]);
      expect(answers.map(({ msg }) => msg)).toEqual(Array(3).fill('服务暂不可用，请稍后重试'));
      meddler.rewrite = undefined;
      await untilServed(program, token);
    }
    const [[row]] = await inServer(server, (root) =>
      root.query<RowDataPacket[]>('SELECT COUNT(*) AS n FROM hub.user_customer WHERE script = ?', [TEXT]),
    );
    expect(row).toEqual({ n: 0 });
    expect((await program.post('/api/user_customer/edit', edit, token)).code).toBe(200);
    measured('a proxy that meddles with our settings', { meddlings: MEDDLINGS.length, 'statements let through': 0 });
  });
});

const hexOf = (text: string) => Buffer.from(text).toString('hex').toUpperCase();

/** Waits until both families are served again after their connections were cut. */
async function untilServed(program: Program, token: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const [mix, business] = [await program.post('/api/user', {}, token), await program.post(LIST, {}, token)];
    if (mix.code === 200 && business.result === 1) return;
    if (Date.now() > deadline) throw new Error(`not served: ${JSON.stringify([mix, business])}`);
  }
}
