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

/**
 * The specs of a folder: `*.e2e-spec.ts` run on each engine, the others once.
 * @param {string} folder
 * @returns {import('jest').Config['projects']}
 */
function projects(folder) {
  const below = folder === 'test' ? 'test/!(resilience)' : folder;
  const specs = (kinds) => [`<rootDir>/${below}/*.${kinds}-spec.ts`];
  const engine = (name) => ({ ...common, displayName: name, globals: { ENGINE: name }, testMatch: specs('e2e') });
  const server = { globalSetup: './test/mariadb/start.ts', globalTeardown: './test/mariadb/stop.ts' };
  return [
    { ...common, displayName: 'unit', testMatch: specs('unit') },
    engine('sqlite'),
    ...(hasMariadb ? [{ ...engine('mariadb'), ...server }] : []),
    { ...common, displayName: 'program', testMatch: specs('{program,browser}') },
  ];
}

module.exports = { projects };

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
