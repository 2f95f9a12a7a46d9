/**
 * Makes sure that better-sqlite3 has its native part: the published binary if it can be fetched, otherwise compiled
 * here. Its own install script does the same, but lets node-gyp download Node's headers even when they lie beside Node,
 * so it fails on machines without internet access; package.json keeps that script from running.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const directory = dirname(require.resolve('better-sqlite3/package.json'));

function works() {
  const open = "new (require('better-sqlite3'))(':memory:')";
  return spawnSync(process.execPath, ['-e', open], { cwd: directory, stdio: 'ignore' }).status === 0;
}

function run(script, args, settings = {}) {
  const env = { ...process.env, ...settings };
  return spawnSync(process.execPath, [script, ...args], { cwd: directory, env, encoding: 'utf8' }).stderr;
}

/** The folder above Node's `include/node`, where it lies on this machine. */
function localHeaders() {
  const folder = process.env.npm_config_nodedir || join(dirname(process.execPath), '..');
  return existsSync(join(folder, 'include', 'node', 'node_version.h')) ? folder : undefined;
}

/**
 * Copies headers without the clean-up hooks that ObjectWrap has had since Node 24.19: a garbage collection between two
 * events removes one and aborts the process (nodejs/node#65446). better-sqlite3 13 has no ObjectWrap but needs Node 22.
 */
function withoutHooks(headers) {
  const copy = mkdtempSync(join(tmpdir(), 'customer-hub-headers-'));
  cpSync(join(headers, 'include', 'node'), join(copy, 'include', 'node'), { recursive: true });
  const file = join(copy, 'include', 'node', 'node_object_wrap.h');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^ +(Add|Remove)CleanupHook\(\);$/gm, ''));
  return copy;
}

function compile(settings) {
  return run(process.env.npm_config_node_gyp, ['rebuild', '--release', '--jobs=max'], settings);
}

function compileHere() {
  const headers = localHeaders();
  if (!headers) return compile();
  const copy = withoutHooks(headers);
  try {
    return compile({ npm_config_nodedir: copy }); // not as --nodedir, which a user's own setting would win over
  } finally {
    rmSync(copy, { recursive: true });
  }
}

let complaint = '';
if (!works()) complaint = run(createRequire(join(directory, 'package.json')).resolve('prebuild-install/bin.js'), []);
if (!works()) {
  console.log('better-sqlite3: no published binary to be had, compiling (a minute or two)');
  complaint = compileHere();
}
if (!works()) {
  console.error(complaint);
  console.error(
    'better-sqlite3 could not be built: it needs python3, make, g++, and the headers of Node, from nodejs.org or in npm_config_nodedir=<folder above include/node>',
  );
  process.exit(1);
}
