/** A 32-bit number from two: the same everywhere and in any order of asking, so that rows can be made when they are asked for. */
export function mixed(seed: number, index: number): number {
  let value = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(index + 0x7f4a7c15, 0xc2b2ae35);
  value = Math.imul(value ^ (value >>> 16), 0x7feb352d);
  value = Math.imul(value ^ (value >>> 15), 0x846ca68b);
  return (value ^ (value >>> 16)) >>> 0;
}

/** A sequence of numbers in [0, 1), the same for the same seed. */
export class Random {
  private count = 0;

  constructor(private readonly seed: number) {}

  next(): number {
    return mixed(this.seed, this.count++) / 2 ** 32;
  }

  /** @returns the items in another order */
  shuffled<T>(items: readonly T[]): T[] {
    const result = [...items];
    for (let last = result.length - 1; last > 0; last--) {
      const other = Math.floor(this.next() * (last + 1));
      [result[last], result[other]] = [result[other]!, result[last]!];
    }
    return result;
  }
}
