const { execFileSync } = require('node:child_process');
const { patience } = require('./test/machine.cjs');

const DAMAGE = { testTimeout: patience(300_000), programs: { globalSetup: './test/resilience/start.ts' } };

/**
 * The ordinary tests, or with `SUITE=resilience` those in test/resilience, which do damage for real: minutes instead of
 * seconds. `SUITE=timed` are those of them that have bars, on one worker, since these need the machine to themselves.
 * The time limits, of hooks too, only end what hangs.
 */
const SUITES = {
  ordinary: { specs: 'test/!(resilience)/**', testTimeout: patience(120_000), maxWorkers: 2 }, // jest's default, one worker fewer than cores, takes a third longer on two
  resilience: { specs: 'test/resilience', ...DAMAGE, maxWorkers: 2 },
  timed: { specs: 'test/resilience/timed', ...DAMAGE, maxWorkers: 1 },
};

const { specs, programs, ...limits } = SUITES[process.env.SUITE ?? 'ordinary'];

const hasMariadb = Boolean(process.env.TEST_DATABASE_URL) || isInstalled('mariadbd');
if (!hasMariadb) {
  const line = 'MariaDB half skipped: no mariadbd installed and no TEST_DATABASE_URL';
  if (process.env.REQUIRE_MARIADB === '1') throw new Error(line);
  console.warn(line);
}

const swc = {
  jsc: {
    target: 'es2023',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
  },
  module: { type: 'commonjs' },
};

/**
 * @param {string} displayName for `--selectProjects`
 * @param {string} kinds of specs: `*.<kind>-spec.ts`
 * @param {import('jest').Config} [more]
 * @returns {import('jest').Config}
 */
const project = (displayName, kinds, more) => ({
  displayName,
  testMatch: [`<rootDir>/${specs}/*.${kinds}-spec.ts`],
  testEnvironment: './test/runner/environment.cjs',
  runtime: './test/runner/runtime.cjs',
  transform: { '\\.[jt]s$': ['@swc/jest', swc] },
  moduleNameMapper: { '^(\\.{1,2}/.+)\\.js$': '$1' }, // the client's imports name the compiled file
  ...more,
});

/** What an engine's project needs once: a server, and the databases that its files copy. */
const engine = (name) => ({
  globals: { ENGINE: name },
  globalSetup: `./test/${name}/start.ts`,
  globalTeardown: `./test/${name}/stop.ts`,
});

/** @type {import('jest').Config} */
module.exports = {
  ...limits,
  workerIdleMemoryLimit: '1500MB', // what files leave behind in a worker adds up to 4 GB, where Node ends it
  collectCoverageFrom: ['src/**/*.ts'],
  coverageReporters: ['text-summary', 'lcov'],
  projects: [
    project('unit', 'unit'),
    project('sqlite', 'e2e', engine('sqlite')),
    ...(hasMariadb ? [project('mariadb', '{e2e,both}', engine('mariadb'))] : []),
    project('program', '{program,browser}', programs),
  ],
};

function isInstalled(program) {
  try {
    execFileSync(program, ['--version'], {
      stdio: 'ignore',
      env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` },
    });
    return true;
  } catch {
    return false;
  }
}
