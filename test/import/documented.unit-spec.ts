import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { KIND_NAMES } from '../../src/import/kind-names';
import { fieldsOf } from '../../src/import/registry';

describe.each(['moving-in.md', 'moving-in.zh-CN.md'])('docs/%s', (name) => {
  const page = readFileSync(resolve(__dirname, '../../docs', name), 'utf8');

  test.each(KIND_NAMES)('has the columns of %s, the needed ones in bold', (kind) => {
    const [line = ''] = page
      .split('\n')
      .filter((each) => each.startsWith(`| \`${kind}\``))
      .slice(-1);
    const columns = line
      .split('|')
      .slice(2)
      .join('|')
      .replace(/\s*\|\s*$/, '')
      .trim()
      .split(' · ');
    const expected = Object.entries(fieldsOf(kind)).map(([wire, { chinese, isRequired }]) =>
      isRequired ? `**\`${wire}\`** ${chinese}` : `\`${wire}\` ${chinese}`,
    );
    expect(columns).toEqual(expected);
  });
});
