import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a translation keeps: the parts of a section that are the same in every language, in alphabetical order. */
const KEPT = {
  'code spans': (text: string) => codeOf(text),
  marks: (text: string) => text.match(/\[[CDSV](?:\/[CDSV])*\b/g),
  'names of fields and routes': (text: string) => prose(text).match(/\b[a-z]\w*(?:_[a-z]+|[A-Z]\w*)\b/g),
  numbers: (text: string) => inMillions(prose(text)).match(/\d+(?:[.,]\d+)*/g),
  'columns of table rows': (text: string) => text.match(/^\|.*\|$/gm)?.map((row) => String(cellsOf(row))),
};

const english = sectionsOf('CONTRACT.md');
const chinese = sectionsOf('CONTRACT.zh-CN.md');

test('the contract has the same sections in both languages', () => {
  expect(chinese.map(({ number }) => number)).toEqual(english.map(({ number }) => number));
  expect(english.length).toBeGreaterThan(10);
});

describe.each(english.map(({ number, text }, n) => [number, text, chinese[n]!.text]))(
  'section %s of the contract',
  (_number, original, translation) => {
    test.each(Object.entries(KEPT))('has the same %s in both languages', (_kind, partsOf) => {
      expect(sorted(partsOf(translation))).toEqual(sorted(partsOf(original)));
    });

    test('has every Chinese message of the original', () => {
      const messages = prose(original).match(/\p{Script=Han}[\p{Script=Han}，]*/gu) ?? [];
      expect(messages.filter((message) => !translation.includes(message))).toEqual([]);
    });
  },
);

/** A page from its first heading on, cut at the headings; the part before the first numbered one has the number ''. */
function sectionsOf(file: string) {
  const page = readFileSync(join(__dirname, '../../docs', file), 'utf8').replace(/^> .*\n/gm, '');
  const body = page.slice(page.indexOf(')\n') + 1); // after the link to the other language
  return body.split(/^(?=##+ )/m).map((text) => ({ number: /^(##+ [\d.]+)/.exec(text)?.[1] ?? '', text }));
}

const codeOf = (text: string) => text.match(/`[^`]+`/g)?.map((code) => code.replace(/\s+/g, ' '));

const prose = (text: string) => text.replace(/`[^`]+`/g, '').replace(/\]\([^)]*\)/g, ']');

const inMillions = (text: string) => text.replace(/([\d.]+) million/g, (_, n) => `${Math.round(Number(n) * 100)} 万`);

const cellsOf = (row: string) => row.replace(/\\\|/g, '').split('|').length - 2;

const sorted = (parts: string[] | null | undefined) => [...(parts ?? [])].sort();
