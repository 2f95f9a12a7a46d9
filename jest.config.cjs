const { execFileSync } = require('node:child_process');

const hasMariadb = Boolean(process.env.TEST_DATABASE_URL) || isInstalled('mariadbd');
if (!hasMariadb) {
  const line = 'MariaDB half skipped: no mariadbd installed and no TEST_DATABASE_URL';
  if (process.env.REQUIRE_MARIADB === '1') throw new Error(line);
  console.warn(line);
}

/** Nest 12 and some of its friends are ES modules, which jest cannot require: swc turns them into CommonJS. */
const ES_MODULES = [
  '@nestjs',
  '@borewit',
  '@tokenizer',
  'cookie',
  'content-disposition',
  'file-type',
  'load-esm',
  'p-limit',
  'strtok3',
  'token-types',
  'uint8array-extras',
  'yocto-queue',
];

const swc = {
  jsc: {
    target: 'es2023',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
  },
  module: { type: 'commonjs' },
};

const common = {
  testEnvironment: 'node',
  transform: { '\\.[jt]s$': ['@swc/jest', swc] },
  transformIgnorePatterns: [`/node_modules/(?!(${ES_MODULES.join('|')})/)`],
};

const engine = (name) => ({
  ...common,
  displayName: name,
  globals: { ENGINE: name },
  testMatch: ['<rootDir>/test/**/*.e2e-spec.ts'],
});

/** @type {import('jest').Config} */
module.exports = {
  testTimeout: 30_000,
  collectCoverageFrom: ['src/**/*.ts'],
  coverageReporters: ['text-summary', 'lcov'],
  projects: [
    { ...common, displayName: 'unit', testMatch: ['<rootDir>/test/**/*.unit-spec.ts'] },
    engine('sqlite'),
    ...(hasMariadb
      ? [{ ...engine('mariadb'), globalSetup: './test/mariadb/start.ts', globalTeardown: './test/mariadb/stop.ts' }]
      : []),
    { ...common, displayName: 'program', testMatch: ['<rootDir>/test/**/*.{program,browser}-spec.ts'] },
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
