import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The fences alone, in a process of its own: ESLint's configuration is an ES module, which jest cannot load. */
const LINT = `
  import { ESLint } from 'eslint';
  import { json } from 'node:stream/consumers';
  const FENCES = ['no-restricted-imports', 'import-x/no-cycle'];
  const eslint = new ESLint({
    ruleFilter: ({ ruleId }) => FENCES.includes(ruleId),
    overrideConfig: { files: ['**/*.ts'], languageOptions: { parserOptions: { projectService: false } } },
  });
  const results = [];
  for (const { file, code } of await json(process.stdin)) {
    const [{ messages }] = await eslint.lintText(code, { filePath: file });
    results.push(messages.map(({ ruleId, message }) => ruleId ?? message));
  }
  console.log(JSON.stringify(results));
`;

const cases = [
  { file: 'src/database/connect.ts', from: '../config/env', faults: [] },
  { file: 'src/user-customer/user-customer.service.ts', from: '../auth/policy', faults: [] },
  { file: 'src/database/connect.ts', from: '../auth/policy', faults: ['no-restricted-imports'] },
  { file: 'src/auth/entities/user.entity.ts', from: '../../enterprise/tenant', faults: ['no-restricted-imports'] },
  { file: 'src/auth/auth.module.ts', from: '../app.module', faults: ['import-x/no-cycle', 'no-restricted-imports'] },
  { file: 'src/schema/migrations/columns.ts', from: '../../base/time', faults: ['no-restricted-imports'] },
  { file: 'src/schema/migrations/columns.ts', from: '../entities', faults: ['no-restricted-imports'] },
  { file: 'src/auth/session-store.ts', from: './auth.service', faults: ['import-x/no-cycle'] },
];

let found: string[][];

beforeAll(() => {
  const input = cases.map(({ file, from }) => ({
    file,
    code: `${readFileSync(file, 'utf8')}\nexport * as added from '${from}';\n`,
  }));
  const options = { input: JSON.stringify(input), encoding: 'utf8' } as const;
  found = JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', LINT], options)) as string[][];
});

test.each(cases.map((each, n) => ({ ...each, n })))('$file importing $from: $faults', ({ n, faults }) => {
  expect(found[n]).toEqual(faults);
});
