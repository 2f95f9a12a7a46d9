import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
    writeFileSync(file, `${name}=x\n`, { mode: 0o600 });
    const { environment, warnings } = load();
    expect(environment).toEqual({ [name]: 'x' });
    expect(warnings).toEqual(
      meant ? [`customer-hub: ${file} sets ${name}, which is no setting: is ${meant} meant?`] : [],
    );
  });

  test.each([
    ['HOST 0.0.0.0', ['line 1 is no setting: NAME=value is needed']],
    ['PORT=1\r\n\r\nPORT: 3055\r\n', ['line 3 is no setting: NAME=value is needed']],
    ['# one\nPORT\n=1', ['line 2 is no setting: NAME=value is needed', 'line 3 is no setting: NAME=value is needed']],
    ['METRICS_TOKEN hunter2 # a=b', ['line 1 is no setting: NAME=value is needed']],
    ['PORT=1\nHOST=x\nexport PORT=2\nPORT=3', ['sets PORT more than once: the last one counts']],
    ['TZ="a\nb\n# c" # d\nLANG=\'e\nf=g\'\nPORT = 1\n \t\n  # h\n', []], // values of several lines
    ['TZ="a\nPORT', ['line 2 is no setting: NAME=value is needed']], // a quote that is not closed ends with its line
  ])('%j: what is passed over is said: %j', (text, faults) => {
    writeFileSync(file, text, { mode: 0o600 });
    expect(load().warnings).toEqual(faults.map((fault) => `customer-hub: ${file} ${fault}`));
  });

  test('a line that is no setting leaves the next one alone', () => {
    writeFileSync(file, 'HOST 0.0.0.0\nPORT=1\nTZ="a\nb"\nexport LANG=c # d\n');
    expect(load().environment).toEqual({ PORT: '1', TZ: 'a\nb', LANG: 'c' });
  });

  test.each([
    [0o644, 'DATABASE_URL=mariadb://hub:hunter2@db/hub', true],
    [0o644, 'METRICS_TOKEN=hunter2', true],
    [0o644, 'WECOM_CREDENTIAL_KEY=hunter2', true],
    [0o644, 'WECOM_PROXY_URL=http://hub:hunter2@proxy:3128', true],
    [0o644, 'DATABASE_PASSWORD=hunter2', true], // of compose.yaml
    [0o644, 'DATABASE_URL=mariadb://hub@db/hub\nMETRICS_TOKEN=', false],
    [0o640, 'METRICS_TOKEN=hunter2', false],
  ])('with mode %o and %s: a warning that every user can read secrets: %s', (mode, text, warns) => {
    writeFileSync(file, text, { mode });
    chmodSync(file, mode); // whatever the umask
    const line = `customer-hub: ${file} holds secrets and every user can read it: chmod 600 ${file}`;
    expect(load().warnings).toEqual(warns ? [line] : []);
  });
});
