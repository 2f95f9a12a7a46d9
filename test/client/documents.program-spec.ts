import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../mariadb/server';
import { Program } from '../program';

const ROOT = resolve(__dirname, '../..');
const TSC = join(ROOT, 'node_modules/.bin/tsc');
const TYPES_OF_NODE = join(ROOT, 'node_modules/@types/node');

const run = promisify(execFile);

const DOCUMENTS = ['docs/clients.md', 'docs/clients.zh-CN.md', 'client/README.md', 'client/README.zh-CN.md'];

/** The TypeScript blocks of a document, as one program. */
const programOf = (document: string) =>
  [...readFileSync(join(ROOT, document), 'utf8').matchAll(/^```ts\n(.*?)^```/gms)].map(([, text]) => text).join('\n');

const MISTAKES = `import { createClient } from '@customer-hub/client';
const hub = createClient({ baseUrl: 'http://localhost', token: 'any' });
await hub.userCustomer.getList({ pagesize: 5 });
(await hub.auth.user()).user_nam;
`;

/** What a reader does: packs the client, installs it in a project of his own, and types off the documents. */
describe('the programs in the documents', () => {
  let directory: string;
  let project: string;
  let server: Program;
  /** What TypeScript finds wrong in all programs and in {@link MISTAKES}. */
  let complaints: string[];

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'customer-hub-documents-'));
    project = join(directory, 'project');
    mkdirSync(project);
    // As it is built: building it again would pull it away from tests that run at the same time.
    const pack = ['pack', './client', '--ignore-scripts', '--silent', '--pack-destination', directory];
    const packed = await run('npm', pack, { cwd: ROOT });
    writeFileSync(join(project, 'package.json'), '{ "type": "module" }');
    await run('npm', ['install', '--offline', join(directory, packed.stdout.trim())], { cwd: project });
    server = await new Program(directory, await freePort(), { MAX_EVENT_LOOP_DELAY_MS: '0' }).ready();
    complaints = await compile();
  });

  afterAll(async () => {
    await server?.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  });

  async function compile(): Promise<string[]> {
    const programs = DOCUMENTS.map((document) =>
      programOf(document).replaceAll('127.0.0.1:3000', `127.0.0.1:${server.port}`),
    );
    [...programs, MISTAKES].forEach((text, n) => writeFileSync(join(project, `${n}.ts`), text));
    const options = ['--strict', '--target', 'es2023', '--module', 'node20', '--types', TYPES_OF_NODE];
    const files = [...programs, MISTAKES].map((_text, n) => `${n}.ts`);
    const failed = await run(TSC, [...options, ...files], { cwd: project }).catch((error: unknown) => error);
    return (failed as { stdout: string }).stdout.trimEnd().split('\n');
  }

  test('compile, and what is no parameter or no field of an answer does not', () => {
    const [pagesize, userNam] = [3, 4].map((line) => new RegExp(`^${DOCUMENTS.length}\\.ts\\(${line},`));
    expect(complaints).toEqual([expect.stringMatching(pagesize!), expect.stringMatching(userNam!)]);
  });

  /** Runs the program of a document. @returns its lines */
  async function linesOf(document: string): Promise<string[]> {
    const { stdout } = await run(process.execPath, [`${DOCUMENTS.indexOf(document)}.js`], { cwd: project });
    return stdout.trimEnd().split('\n');
  }

  test('docs/clients.md', async () => {
    const [relations, refused, ...follows] = await linesOf('docs/clients.md');
    expect(relations).toBe('user 998 follows 2 customers');
    expect(refused).toMatch(/^refused: 授权码错误, request [\w-]{36}$/);
    expect(follows).toEqual([...Array(3).fill(expect.stringMatching(/ follows /)), '41 follows that are not lost']);
  });

  test('docs/clients.zh-CN.md', async () => {
    expect((await linesOf('docs/clients.zh-CN.md')).at(-1)).toBe('未流失的跟进共 41 条');
  });

  test.each(['client/README.md', 'client/README.zh-CN.md'])('%s', async (document) => {
    expect((await linesOf(document)).join('\n')).toContain("userid: 'XiaoLiangZi'");
  });
});

test('a caller who leaves before the sign-in fails leaves no unhandled rejection behind', async () => {
  const script = `
    import { createClient } from '${join(ROOT, 'client/dist/index.js')}';
    let failed;
    const signIn = new Promise((done) => (failed = done));
    const hub = createClient({
      baseUrl: 'http://127.0.0.1:${await freePort()}', // no server is there
      username: 'admin',
      password: 'hunter2',
      fetch: (...request) => fetch(...request).finally(failed),
    });
    const leaving = new AbortController();
    const call = hub.auth.user({ signal: leaving.signal });
    leaving.abort();
    await call.catch(({ name }) => console.log(name));
    await signIn;
    setTimeout(() => console.log('lives on'), 0);
  `;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script]);
  expect(stdout).toBe('AbortError\nlives on\n');
});
