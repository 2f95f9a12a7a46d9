import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../mariadb/server';
import { Program } from '../program';

/** The files of a folder by their paths in it. */
const filesOf = (folder: string) =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .map((file) => [file.slice(folder.length), readFileSync(file, 'utf8')]),
  );

/** Of the program's own document, so that a field that is gone from a reply shows here, too. */
test('client/src/generated is what the document gives (npm run openapi && npm run client:generate)', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'customer-hub-client-'));
  const server = await new Program(directory, await freePort()).ready();
  const document = join(directory, 'openapi.json');
  writeFileSync(document, await (await fetch(`http://127.0.0.1:${server.port}/docs-json`)).text());
  await server.kill('SIGKILL');

  const made = join(directory, 'generated');
  const args = ['-f', 'client/openapi-ts.config.mjs', '-o', made, '--no-log-file'];
  execFileSync('node_modules/.bin/openapi-ts', args, { env: { ...process.env, OPENAPI: document }, stdio: 'pipe' });
  const files = filesOf(made);
  rmSync(directory, { recursive: true });
  expect(files).toEqual(filesOf('client/src/generated'));
});

test('the client has the version of the product, and needs nothing at run time', () => {
  const [product, client] = ['package.json', 'client/package.json'].map(
    (file) => JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>,
  );
  expect(client!.version).toBe(product!.version);
  expect(Object.keys(client!).filter((key) => /dependencies/i.test(key))).toEqual([]);
});
