import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '..', '..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

const FORWARDED = ['X-Forwarded-For', 'X-Forwarded-Host', 'X-Forwarded-Proto'];

/** The examples of a language in a document, of those that pass requests on. */
function examples(file: string, language: string): string[] {
  const fences = [...read(file).matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))];
  return fences.map(([, text = '']) => text).filter((text) => /proxy_pass|reverse_proxy/.test(text));
}

describe.each(['docs/operations.md', 'docs/operations.zh-CN.md', 'README.md', 'README.zh-CN.md'])('%s', (file) => {
  test('has nginx replace what a client says of itself', () => {
    const found = examples(file, 'nginx');
    expect(found).toHaveLength(1);
    const set = Object.fromEntries(
      [...found[0]!.matchAll(/proxy_set_header (\S+) +(\S+);/g)].map(([, name, value]) => [name, value]),
    );
    expect(set).toMatchObject({
      Host: '$http_host',
      'X-Forwarded-For': '$remote_addr',
      'X-Forwarded-Host': '$http_host',
      'X-Forwarded-Proto': '$scheme',
    });
  });

  test('leaves it to Caddy, which replaces these headers itself', () => {
    const found = examples(file, 'caddyfile');
    expect(found).toHaveLength(file.startsWith('docs/') ? 1 : 0);
    for (const text of found) expect(text).not.toMatch(/trusted_proxies|header_up [+>-]?X-Forwarded/);
  });
});

test('deploy/haproxy.cfg replaces what a client says of itself', () => {
  const rules = [...read('deploy/haproxy.cfg').matchAll(/^ +http-request (?:set|del)-header (\S+)/gm)];
  expect(rules.map(([, name]) => name)).toEqual([...FORWARDED, 'X-Request-Id']);
});
