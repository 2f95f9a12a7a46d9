import { fold } from '../../database/fold';
import type { Facts } from './facts';

/*
 * The terms that a follow is found by: each character and each pair of neighbouring characters of its texts, and "no
 * tag". Most Chinese names have two characters, so most searches are one lookup; a longer text is found by its pairs
 * and then compared. A term is a number: the key stays short and no collation applies.
 *   term = kind of text * KIND + first character * CHARACTER + (second character + 1, or 0 for a single character)
 */

/** Room for two code points of 21 bits. Terms stay below 2 ** 44, so they are exact in JavaScript and SQL. */
const KIND = 2 ** 42;
const CHARACTER = 2 ** 21;

/** The texts that are searched. */
export type SearchedText = 'remark' | 'customer';
const KINDS: Record<SearchedText, number> = { remark: 1, customer: 2 };

/** Bounds the pairs of a long text looked up: comparing the few follows left costs less than more lookups. */
const MAX_PAIRS = 3;

/** The term of a follow without a tag; tags themselves are in `wechat_follow_tag`. */
export const UNTAGGED = 0;

/** All terms of a follow. */
export function termsOf({ tagPks, remark, name }: Facts): number[] {
  return [
    ...(tagPks.length === 0 ? [UNTAGGED] : []),
    ...storedTerms('remark', remark),
    ...storedTerms('customer', name ?? ''),
  ];
}

/** All terms of a stored text. */
function storedTerms(kind: SearchedText, text: string): number[] {
  const characters = codesOf(text);
  return [...new Set([...characters.map((code) => single(kind, code)), ...pairsOf(kind, characters)])];
}

/** Terms that every text containing `text` has. */
export function searchTerms(kind: SearchedText, text: string): number[] {
  const characters = codesOf(text);
  if (characters.length === 1) return [single(kind, characters[0]!)];
  const pairs = [...new Set(pairsOf(kind, characters))];
  if (pairs.length <= MAX_PAIRS) return pairs;
  return [pairs[0]!, pairs[pairs.length >> 1]!, pairs.at(-1)!];
}

/** Whether every text with the terms of `text` contains it. */
export function termsAreExact(text: string): boolean {
  return codesOf(text).length <= 2;
}

const codesOf = (text: string) => Array.from(fold(text), (character) => character.codePointAt(0)!);

const single = (kind: SearchedText, code: number) => KINDS[kind] * KIND + code * CHARACTER;

const pairsOf = (kind: SearchedText, codes: number[]) =>
  codes.slice(1).map((code, index) => single(kind, codes[index]!) + code + 1);
