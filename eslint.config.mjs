import { readdirSync } from 'node:fs';
import js from '@eslint/js';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/** The stairway (CONTRIBUTING.md): a room knows only the rooms earlier in the list. */
const ROOMS = [
  'base',
  'config',
  'database',
  'http',
  'audit',
  'auth',
  'enterprise',
  'user-customer',
  'operations',
  'wechat-customers',
  'wecom',
  'legacy-front',
  'import',
  'compare',
  'setup',
  'schema',
  'start',
];

assertKnown('src', ROOMS);

/** A new folder has to say which others it knows. */
function assertKnown(parent, names) {
  const folders = readdirSync(parent, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const unknown = folders.find(({ name }) => !names.includes(name));
  if (unknown) throw new Error(`${parent}/${unknown.name} has no fence: add it to the list in eslint.config.mjs`);
}

/** Files beside the rooms: the process itself, which knows every room and which no room knows. */
const TOP = ['main', 'serve', 'app', 'app.module', 'cli'];

/** One fence per room: `no-restricted-imports` of every later room. */
const fences = ROOMS.map((room, step) => ({
  files: [`src/${room}/**/*.ts`],
  rules: { 'no-restricted-imports': ['error', { patterns: [laterThan(step)] }] },
}));

/** @param {number} step of the room in {@link ROOMS} */
function laterThan(step) {
  const laterRooms = ROOMS.slice(step + 1).map((room) => `(\\.\\./)+${room}(/.*)?`);
  const top = TOP.map((file) => `(\\.\\./)+${file.replace('.', '\\.')}`);
  const outside = '(\\.\\./)+(simulator|test|bench)(/.*)?'; // not in the production build
  return {
    regex: `^(${[...laterRooms, ...top, outside].join('|')})$`,
    message: 'runs back up the stairway: a room knows only those earlier in the list (CONTRIBUTING.md)',
  };
}

/** The drawers of http/: a drawer, too, knows only those earlier in the list. */
const DRAWERS = ['output', 'openapi', 'routes', 'input', 'edge'];
assertKnown('src/http', DRAWERS);

const drawerFences = DRAWERS.map((drawer, step) => {
  const laterDrawers = {
    regex: `^\\.\\./(${DRAWERS.slice(step + 1).join('|')})/`,
    message: 'a drawer of http/ knows only those earlier in the list (eslint.config.mjs)',
  };
  return {
    files: [`src/http/${drawer}/**/*.ts`],
    rules: { 'no-restricted-imports': ['error', { patterns: [laterThan(ROOMS.indexOf('http')), laterDrawers] }] },
  };
});

export default tseslint.config(
  { ignores: ['dist', 'client/dist', 'client/src/generated', 'coverage', 'data', 'bench-data', 'node_modules'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      // `import type` on a DTO or a dependency silently switches off validation or injection.
      '@typescript-eslint/consistent-type-imports': 'off',
      '@typescript-eslint/require-await': 'off',
      // A route may have a parameter checked that it does not need.
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['src/**/*.ts'],
    plugins: { 'import-x': importX },
    settings: {
      ...importX.flatConfigs.typescript.settings,
      'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.js'] })],
    },
    rules: {
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'CallExpression[callee.property.name="insert"][arguments.length>0]',
          message: 'TypeORM guesses generated keys: insertRows (database/insert.ts)',
        },
      ],
    },
  },
  ...fences,
  ...drawerFences,
  {
    // The simulator shares nothing with the product, so no misreading of WeCom's pages either; nor does the product know it.
    files: ['simulator/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [{ regex: '/(src|test|bench)/' }] }] },
  },
  {
    // Nor does the stand-in of the originals, which is built on their documents and the contract.
    files: ['test/originals/**/*.ts'],
    ignores: ['**/*-spec.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [{ regex: '^\\.\\./' }] }] },
  },
  {
    // Migrations that landed never change, so they import nothing that does: only TypeORM and the helpers beside them.
    files: ['src/schema/migrations/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^\\.\\.', message: 'a migration imports nothing alive' }] },
      ],
    },
  },
  {
    // A test reads answers as a client does: JSON of any shape, which its expectations then pin down.
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
    },
  },
  {
    files: ['examples/*.mjs'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', AbortSignal: 'readonly' } },
  },
  {
    files: ['**/*.cjs', 'scripts/*.mjs'],
    languageOptions: { globals: { require: 'readonly', module: 'writable', process: 'readonly', console: 'readonly' } },
  },
);
