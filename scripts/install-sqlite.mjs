/**
 * Makes sure that better-sqlite3 has its native part: the published binary if it can be fetched, otherwise compiled
 * here. Its own install script does the same, but lets node-gyp download Node's headers even when they lie beside Node,
 * so it fails on machines without internet access; package.json keeps that script from running.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const directory = dirname(require.resolve('better-sqlite3/package.json'));

function works() {
  const open = "new (require('better-sqlite3'))(':memory:')";
  return spawnSync(process.execPath, ['-e', open], { cwd: directory, stdio: 'ignore' }).status === 0;
}

function run(script, args) {
  return spawnSync(process.execPath, [script, ...args], { cwd: directory, encoding: 'utf8' }).stderr;
}

let complaint = '';
if (!works()) complaint = run(createRequire(join(directory, 'package.json')).resolve('prebuild-install/bin.js'), []);
if (!works()) {
  console.log('better-sqlite3: no published binary to be had, compiling (a minute or two)');
  const nodeDirectory = join(dirname(process.execPath), '..');
  const hasLocalHeaders = existsSync(join(nodeDirectory, 'include', 'node', 'node_version.h'));
  const headers = hasLocalHeaders && !process.env.npm_config_nodedir ? [`--nodedir=${nodeDirectory}`] : [];
  complaint = run(process.env.npm_config_node_gyp, ['rebuild', '--release', '--jobs=max', ...headers]);
}
if (!works()) {
  console.error(complaint);
  console.error(
    'better-sqlite3 could not be built: it needs python3, make, g++, and the headers of Node, from nodejs.org or in npm_config_nodedir=<folder above include/node>',
  );
  process.exit(1);
}
