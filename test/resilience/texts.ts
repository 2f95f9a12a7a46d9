/** Descriptions and texts. Every field keeps them to the byte, on both engines. */
export const KEPT: [what: string, text: string][] = [
  ['emoji', '🎉😀🀄'],
  ['a family joined by ZWJ', '👨‍👩‍👧‍👦 👩🏽‍🚀'],
  ['a skin tone', '👍🏿'],
  ['the same without the skin tone', '👍'],
  ['a flag and a keycap', '🇨🇳 1️⃣'],
  ['four-byte CJK', '\u{20000}\u{20bb7}野家\u{2a6d6}\u{30000}'],
  ['a compatibility ideograph', '\u{2f800}\u{f900}'],
  ['what it stands for', '丽豈'],
  ['right to left', 'مرحبا שלום'],
  ['bidi controls', 'a\u202eb\u202c\u2066c\u2069\u200f'],
  ['NUL', 'a\0b'],
  ['NUL at the ends', '\0ends\0'],
  ['the same without NUL', 'ends'],
  ['control characters', 'c\u0001\u0008\u000b\u001a\u001b\u007f\u0085c'],
  ['line ends', 'l\r\nl\rl\nl\u2028l\u2029l'],
  ['composed, NFC', 'café 가 Å'.normalize('NFC')],
  ['decomposed, NFD', 'café 가 Å'.normalize('NFD')],
  ['many combining marks', `z${'\u0351\u0327'.repeat(20)}z`],
  ['a byte order mark inside', 'bo\ufeffm'],
  ['zero-width characters', 'z\u200bw\u200cn\u200dj\u2060z'],
  ['without zero-width characters', 'zwnjz'],
  ['private-use characters and noncharacters', 'p\ue000\u{f0000}\ufdd0\ufffe\uffff\u{10ffff}p'],
  ['the replacement character', 'r\ufffdr'],
  ['full width', 'ＡＢＣ１２３'],
  ['half width', 'ABC123'],
  ['upper case beyond Latin', 'ĞÜŞÖÇ ÀÉÎ ΑΘΗΝΑ МОСКВА'],
  ['blanks at the ends', '  blanks  '],
  ['a byte order mark first', '\ufeffmarked'],
  ['255 characters of four bytes', '\u{20001}'.repeat(255)],
];

/** Half a surrogate pair cannot be told from another once stored, so it is refused. */
export const HALVES: [what: string, text: string][] = [
  ['a high surrogate alone', 'a\ud83cb'],
  ['a low surrogate alone', '\udf89'],
  ['a pair the wrong way round', '\udf89\ud83c'],
  ['a high surrogate at the end', 'a\ud83c'],
];

/** Texts of one character more than a VARCHAR(255) holds, whatever their size in bytes. */
export const TOO_LONG: [what: string, text: string][] = [
  ['256 letters', 'x'.repeat(256)],
  ['256 characters of four bytes', '\u{20001}'.repeat(256)],
];
