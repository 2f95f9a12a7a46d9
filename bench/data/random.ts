/** A seeded random generator (mulberry32): the same seed gives the same rows on every machine. */
export class Random {
  constructor(private state: number) {}

  /** A number from 0 up to but excluding 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from 0 up to but excluding `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  /** A whole number from `first` to `last`, both included. */
  between(first: number, last: number): number {
    return first + this.below(last - first + 1);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(list: ArrayLike<T>): T {
    return list[this.below(list.length)]!;
  }

  /** A text of `length` characters from the alphabet of WeCom's ids. */
  id(length: number): string {
    let text = '';
    for (let i = 0; i < length; i++) text += this.pick(ID_ALPHABET);
    return text;
  }
}

const ID_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Draws from `choices` with the probability of their weights. */
export function weighted<T>(choices: readonly (readonly [T, number])[]): (random: Random) => T {
  const draw = drawIndex(choices.map(([, weight]) => weight));
  return (random) => choices[draw(random)]![0];
}

/** Draws 0 to `size` - 1 by Zipf's law: the weight of index i is (i + 1) ** -exponent. */
export function zipf(size: number, exponent: number): (random: Random) => number {
  return drawIndex(Array.from({ length: size }, (_, index) => (index + 1) ** -exponent));
}

function drawIndex(weights: number[]): (random: Random) => number {
  let sum = 0;
  const bounds = weights.map((weight) => (sum += weight));
  return (random) => {
    const point = random.next() * sum;
    let low = 0;
    let high = bounds.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (bounds[middle]! > point) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}
