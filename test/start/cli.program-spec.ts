import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
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
