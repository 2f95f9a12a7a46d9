import { fold } from '../../database/contains';

/**
 * What a relation can be found by, each as one number: its tags, and every character and pair of neighbouring
 * characters of its texts. Two characters are the usual Chinese name, so most searches are a look-up; a longer text is
 * found by its pairs and then compared. Numbers rather than text: the key stays short and no collation has a say in it.
 */
const KIND = 2 ** 42;
const CHARACTER = 2 ** 21;

/** The texts that are searched. */
export type SearchedText = 'remark' | 'customer';
const KINDS: Record<SearchedText, number> = { remark: 1, customer: 2 };

/** At most so many pairs of a long text are looked up; comparing the few rows left costs less than more look-ups. */
const MAX_PAIRS = 3;

/** What a relation without a tag is found by; a tag is found by its row's key. */
export const UNTAGGED = 0;

/** All terms of a text that is stored. */
export function storedTerms(kind: SearchedText, text: string): number[] {
  const characters = codesOf(text);
  return [...new Set([...characters.map((code) => single(kind, code)), ...pairsOf(kind, characters)])];
}

/** The terms that a text containing `text` must have. */
export function searchTerms(kind: SearchedText, text: string): number[] {
  const characters = codesOf(text);
  if (characters.length === 1) return [single(kind, characters[0]!)];
  const pairs = [...new Set(pairsOf(kind, characters))];
  if (pairs.length <= MAX_PAIRS) return pairs;
  return [pairs[0]!, pairs[pairs.length >> 1]!, pairs.at(-1)!];
}

/** Whether having the terms of `text` is the same as containing it. */
export function termsAreExact(text: string): boolean {
  return codesOf(text).length <= 2;
}

const codesOf = (text: string) => Array.from(fold(text), (character) => character.codePointAt(0)!);

const single = (kind: SearchedText, code: number) => KINDS[kind] * KIND + code * CHARACTER;

const pairsOf = (kind: SearchedText, codes: number[]) =>
  codes.slice(1).map((code, index) => single(kind, codes[index]!) + code + 1);
