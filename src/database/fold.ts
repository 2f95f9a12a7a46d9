/*
 * Letter case as MySQL and MariaDB know it in utf8mb4_bin: 696 capitals of Latin, Greek, Cyrillic and Armenian, full
 * width, Roman numerals and circled letters. All other letters have one case here. Not JavaScript's own table, because it
 * knows letters that the servers do not, and more with every version of Node. A test asks each engine about every
 * character.
 */

/** `first-last>lower case of the first`, hexadecimal. Where a capital's next neighbour is its lower case, every other one. */
const CAPITALS = `
  41-5a>61 c0-d6>e0 d8-de>f8 100-12e>101 130>69 132-136>133 139-147>13a 14a-176>14b 178>ff 179-17d>17a 181>253
  182-184>183 186>254 187>188 189-18a>256 18b>18c 18e>1dd 18f>259 190>25b 191>192 193>260 194>263 196>269 197>268
  198>199 19c>26f 19d>272 19f>275 1a0-1a4>1a1 1a6>280 1a7>1a8 1a9>283 1ac>1ad 1ae>288 1af>1b0 1b1-1b2>28a 1b3-1b5>1b4
  1b7>292 1b8>1b9 1bc>1bd 1c4>1c6 1c5>1c6 1c7>1c9 1c8>1c9 1ca>1cc 1cb-1db>1cc 1de-1ee>1df 1f1>1f3 1f2-1f4>1f3 1f6>195
  1f7>1bf 1f8-21e>1f9 222-232>223 386>3ac 388-38a>3ad 38c>3cc 38e-38f>3cd 391-3a1>3b1 3a3-3ab>3c3 3da-3ee>3db
  400-40f>450 410-42f>430 460-480>461 48c-4be>48d 4c1-4c3>4c2 4c7>4c8 4cb>4cc 4d0-4f4>4d1 4f8>4f9 531-556>561
  1e00-1e94>1e01 1ea0-1ef8>1ea1 1f08-1f0f>1f00 1f18-1f1d>1f10 1f28-1f2f>1f20 1f38-1f3f>1f30 1f48-1f4d>1f40 1f59>1f51
  1f5b>1f53 1f5d>1f55 1f5f>1f57 1f68-1f6f>1f60 1f88-1f8f>1f80 1f98-1f9f>1f90 1fa8-1faf>1fa0 1fb8-1fb9>1fb0
  1fba-1fbb>1f70 1fbc>1fb3 1fc8-1fcb>1f72 1fcc>1fc3 1fd8-1fd9>1fd0 1fda-1fdb>1f76 1fe8-1fe9>1fe0 1fea-1feb>1f7a
  1fec>1fe5 1ff8-1ff9>1f78 1ffa-1ffb>1f7c 1ffc>1ff3 2126>3c9 212a>6b 212b>e5 2160-216f>2170 24b6-24cf>24d0
  ff21-ff3a>ff41`;

const LOWER = new Map(CAPITALS.trim().split(/\s+/).flatMap(pairsOf));

const CAPITAL = new RegExp(`[${[...LOWER.keys()].join('')}]`, 'g');

/**
 * Texts of ASCII, Chinese, Japanese, punctuation, symbols and emoji only: of these, JavaScript lower-cases the same, and
 * five times as fast.
 */
const COMMON =
  /^[\ufe00-\ufe0f\0-\x7f\u2000-\u20ff\u2500-\u2bff\u2e80-\ua4cf\uff00-\uff20\u{1f000}-\u{1fbff}\u{20000}-\u{3ffff}]*$/u;

/** Folds case: two texts differ only in case if they fold to the same. */
export function fold(text: string): string {
  return COMMON.test(text) ? text.toLowerCase() : text.replace(CAPITAL, (letter) => LOWER.get(letter)!);
}

function pairsOf(run: string): [capital: string, lower: string][] {
  const [capitals = '', lower = ''] = run.split('>');
  const [first = 0, last = first] = capitals.split('-').map((code) => parseInt(code, 16));
  const distance = parseInt(lower, 16) - first;
  const step = distance === 1 ? 2 : 1;
  return Array.from({ length: (last - first) / step + 1 }, (_, n) => {
    const code = first + n * step;
    return [String.fromCharCode(code), String.fromCharCode(code + distance)];
  });
}
