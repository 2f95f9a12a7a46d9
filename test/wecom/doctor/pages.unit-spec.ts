import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ADVICE } from '../../../src/wecom/doctor/advice';
import { CHECKS } from '../../../src/wecom/doctor/finding';
import { MAX_CALLS } from '../../../src/wecom/doctor/doctor';

const read = (file: string) => readFileSync(resolve(__dirname, '../../../docs', file), 'utf8');
const pages = { 'wecom.md': read('wecom.md'), 'wecom.zh-CN.md': read('wecom.zh-CN.md') };

const headings = (page: string) => page.split('\n').filter((line) => line.startsWith('## '));

/** The address of a heading, as GitHub makes it. */
const anchorOf = (heading: string) =>
  heading
    .slice(3)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');

describe.each(Object.entries(pages))('docs/%s', (_file, page) => {
  test('names every check, every code with advice and the number of calls', () => {
    for (const { zh } of Object.values(CHECKS)) expect(page).toContain(zh);
    for (const code of Object.keys(ADVICE)) expect(page).toMatch(new RegExp(`\\b${code}\\b`));
    expect(page).toMatch(new RegExp(`(at most|最多调用企业微信) ${MAX_CALLS} `));
  });

  test('links to headings that it has', () => {
    const linked = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor);
    const anchors = headings(page).map(anchorOf);
    for (const anchor of linked) expect(anchors).toContain(anchor);
    expect(new Set(linked)).toEqual(new Set(anchors));
  });
});

test('both languages have the same parts', () => {
  const [en, zh] = Object.values(pages);
  const shape = (page: string) => ({
    headings: headings(page).length,
    rows: page.split('\n').filter((line) => line.startsWith('|')).length,
    items: page.split('\n').filter((line) => /^\s*(-|\d+\.) /.test(line)).length,
    code: [...page.matchAll(/^```/gm)].length,
  });
  expect(shape(zh!)).toEqual(shape(en!));
});
