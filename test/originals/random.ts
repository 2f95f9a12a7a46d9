/** A number from 0 to 2^32-1, the same for the same seed and index. */
export function mixed(seed: number, index: number): number {
  let value = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(index + 0x7f4a7c15, 0xc2b2ae35);
  value = Math.imul(value ^ (value >>> 16), 0x7feb352d);
  value = Math.imul(value ^ (value >>> 15), 0x846ca68b);
  return (value ^ (value >>> 16)) >>> 0;
}

export const pick = <Item>(items: readonly Item[], number: number): Item => items[number % items.length]!;

/** `YYYY-MM-DD HH:mm:ss` in UTC+8. */
export function wallClock(unixSeconds: number): string {
  return new Date((unixSeconds + 8 * 3600) * 1000).toISOString().slice(0, 19).replace('T', ' ');
}
