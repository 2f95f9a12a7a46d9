import { fold } from '../../database/contains';
import type { Facts } from './facts';

/**
 * What a follow is found by, each as one number: every character and pair of neighbouring characters of its texts, and
 * having no tag. Two characters are the usual Chinese name, so most searches are a look-up; a longer text is found by its pairs and
 * then compared. Numbers rather than text: the key stays short and no collation has a say in it.
 */
const KIND = 2 ** 42;
const CHARACTER = 2 ** 21;

/** The texts that are searched. */
export type SearchedText = 'remark' | 'customer';
const KINDS: Record<SearchedText, number> = { remark: 1, customer: 2 };

/** Up to this many pairs of a long text are looked up; comparing the few rows left costs less than more look-ups. */
const MAX_PAIRS = 3;

/** The term of a follow without a tag; the tags themselves are rows of `wechat_follow_tag`. */
export const UNTAGGED = 0;

/** All terms of a follow. */
export function termsOf({ tagPks, remark, name }: Facts): number[] {
  return [
    ...(tagPks.length === 0 ? [UNTAGGED] : []),
    ...storedTerms('remark', remark),
    ...storedTerms('customer', name ?? ''),
  ];
}

/** All terms of a text that is stored. */
function storedTerms(kind: SearchedText, text: string): number[] {
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
