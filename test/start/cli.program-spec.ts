import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runCli } from '../cli';

const CLI = resolve(__dirname, '../../dist/src/cli.js');

test('loads no part of the HTTP server, so that a command starts at once', () => {
  const script = `process.on('exit', () => console.log('LOADED ' + Object.keys(require.cache).join())); require(${JSON.stringify(CLI)})`;
  const output = execFileSync(process.execPath, ['-e', script, '--', 'account', '--help'], { encoding: 'utf8' });
  const [, loaded] = output.split('LOADED ');
  expect(loaded).toContain('accounts.command.js');
  expect(loaded).not.toMatch(/@nestjs\/(core|swagger|platform-)|node_modules\/fastify\/|src\/app\./);
});

test('an unknown command is refused in one line', async () => {
  expect(await runCli('', 'nonsense')).toEqual({ code: 1, stdout: '', stderr: "error: unknown command 'nonsense'\n" });
});

test.each(['migrate', 'account list'])('%s creates the SQLite file, also behind a link, private', async (command) => {
  const directory = mkdtempSync(join(tmpdir(), 'customer-hub-cli-'));
  const umask = process.umask(0o022); // under which SQLite itself lets everyone read
  symlinkSync(join(directory, 'target.sqlite'), join(directory, 'link.sqlite'));
  await runCli(`sqlite:${directory}/new.sqlite`, command);
  await runCli(`sqlite:${directory}/link.sqlite`, command);
  process.umask(umask);
  const modes = readdirSync(directory).map((file) => [
    file,
    (statSync(join(directory, file)).mode & 0o777).toString(8),
  ]);
  expect(Object.fromEntries(modes)).toEqual({
    'link.sqlite': '600',
    'new.sqlite': '600',
    'target.sqlite': '600',
  });
  rmSync(directory, { recursive: true });
});
