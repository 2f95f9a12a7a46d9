import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadEnvFile } from '../../src/config/env-file';

describe('.env', () => {
  let directory: string;
  let file: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'customer-hub-env-'));
    file = join(directory, '.env');
  });

  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  /** What the file puts into an environment, and the warnings. */
  function load(environment: NodeJS.ProcessEnv = {}) {
    const warnings: string[] = [];
    loadEnvFile(file, environment, (line) => warnings.push(line));
    return { environment, warnings };
  }

  test('is read beside the environment, which wins', () => {
    writeFileSync(file, '# a comment\nPORT=1\nexport HOST="0.0.0.0"\nBUSINESS_TITLE=企业 # 注释\n');
    const { environment, warnings } = load({ PORT: '2' });
    expect(environment).toEqual({ PORT: '2', HOST: '0.0.0.0', BUSINESS_TITLE: '企业' });
    expect(warnings).toEqual([]);
  });

  test('may be missing', () => expect(load()).toEqual({ environment: {}, warnings: [] }));

  test('keeps its first setting behind a byte order mark', () => {
    writeFileSync(file, '\ufeffDATABASE_URL=mariadb://hub@db/hub\r\nPORT=1\r\n');
    expect(load().environment).toEqual({ DATABASE_URL: 'mariadb://hub@db/hub', PORT: '1' });
  });

  test.each([
    ['UTF-16', Buffer.from('\ufeffPORT=1\n', 'utf16le')],
    ['UTF-16 without a mark', Buffer.from('PORT=1\n', 'utf16le')],
    ['GBK', Buffer.from('BUSINESS_TITLE=\xc6\xf3\xd2\xb5', 'latin1')],
  ])('in %s is refused', (_encoding, bytes) => {
    writeFileSync(file, bytes);
    expect(() => load()).toThrow(`${file} must be UTF-8`);
  });

  test('that is a folder is refused', () => {
    mkdirSync(file);
    expect(() => load()).toThrow(`${file} cannot be read (EISDIR)`);
  });

  test.each([
    ['DATABASE_ULR', 'DATABASE_URL'],
    ['DATABSE_URL', 'DATABASE_URL'],
    ['port', 'PORT'],
    ['TRUSTED_PROXY', undefined], // three letters apart
    ['TRUSTED_PROXIE', 'TRUSTED_PROXIES'],
    ['DATABASE_PASSWORD', undefined],
    ['TZ', undefined],
  ])('%s: a warning that names %s', (name, meant) => {
    writeFileSync(file, `${name}=x\n`);
    const { environment, warnings } = load();
    expect(environment).toEqual({ [name]: 'x' });
    expect(warnings).toEqual(
      meant ? [`customer-hub: ${file} sets ${name}, which is no setting: is ${meant} meant?`] : [],
    );
  });
});
