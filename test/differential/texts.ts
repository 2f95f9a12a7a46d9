import * as fc from 'fast-check';

/** Letters with a case in one table or another: those that the engines' tables disagree about are among them. */
const CASED = Array.from({ length: 0x20000 }, (_, code) => String.fromCodePoint(code)).filter(
  (letter) => letter.isWellFormed() && (letter.toLowerCase() !== letter || letter.toUpperCase() !== letter),
);

const WORDS = [
  '王小明',
  '客户',
  '上海',
  'Abe',
  'R-1',
  'wm',
  'a',
  'Ab',
  '１２',
  '007',
  '-0',
  '1e3',
  '0x10',
  'ﬁ',
  'ß',
  'ẞ',
  'ς',
];
const SIGNS = ['%', '_', '\\', "'", '"', '`', ',', '[', '|', '?', '#', '&', '=', '+', '--', ';'];
const BLANKS = [' ', '  ', '\t', '\n', '\r', '\v', '\f', '\u0085', '\u00a0', '\u2028', '\u3000', '\u200b', '\ufeff'];
const CONTROLS = ['\0', '\u0001', '\u0008', '\u001a', '\u001f', '\u007f', '\u009f'];
const BEYOND = ['🎉', '👨‍👩‍👧', '👍🏿', '\u{20bb7}', '\u{10ffff}', '\uffff', '\ufffe', '\ue000', '\ufffd'];
const MARKED = ['é', 'e\u0301', 'i\u0307', 'İ', 'ı', 'K', 'Å', 'Ω', '가', '가'.normalize('NFD')];

const piece = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...WORDS) },
  { weight: 4, arbitrary: fc.constantFrom(...CASED) },
  { weight: 2, arbitrary: fc.constantFrom(...BLANKS) },
  { weight: 2, arbitrary: fc.constantFrom(...MARKED) },
  { weight: 1, arbitrary: fc.constantFrom(...SIGNS) },
  { weight: 1, arbitrary: fc.constantFrom(...CONTROLS) },
  { weight: 1, arbitrary: fc.constantFrom(...BEYOND) },
);

/** A text that engines may compare, sort or fold differently, often with blanks at its end. */
export const oddText: fc.Arbitrary<string> = fc
  .tuple(fc.array(piece, { maxLength: 4 }), fc.constantFrom('', '', '', ' ', '  ', '\t', '\0'))
  .map(([pieces, end]) => pieces.join('') + end);

/** The same, never empty and at most `max` characters long. */
export const oddId = (max: number): fc.Arbitrary<string> =>
  oddText.map((text) => [...`x${text.replaceAll(',', '')}`].slice(-max).join(''));

/** A text to search for: a piece of a stored one, often in another case or with a blank more. */
export const searched = (stored: readonly string[]): fc.Arbitrary<string> =>
  fc
    .record({
      text: fc.constantFrom(...stored),
      from: fc.nat({ max: 6 }),
      length: fc.integer({ min: 1, max: 6 }),
      isWhole: fc.boolean(),
      change: fc.constantFrom(same, same, upper, lower, blankAfter, blankBefore, percent),
    })
    .map(({ text, from, length, isWhole, change }) =>
      change(
        isWhole
          ? text
          : [...text]
              .slice(from % ([...text].length || 1))
              .slice(0, length)
              .join(''),
      ),
    );

const same = (text: string) => text;
const upper = (text: string) => text.toUpperCase();
const lower = (text: string) => text.toLowerCase();
const blankAfter = (text: string) => `${text} `;
const blankBefore = (text: string) => ` ${text}`;
const percent = (text: string) => `%${text}%`;
