/**
 * Random numbers that come out the same everywhere: xoshiro128** over 32-bit integers, seeded by SplitMix32.
 *
 * Source: Blackman and Vigna, "Scrambled Linear Pseudorandom Number Generators", 2021.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  /**
   * @param seed 0 to 2^32 - 1
   * @param stream which of the seed's independent streams: a tree's index
   */
  constructor(seed: number, stream: number) {
    let state = splitMix(seed) ^ splitMix(stream ^ 0x85ebca6b);
    const next = () => {
      state = (state + 0x9e3779b9) | 0;
      return splitMix(state);
    };
    this.#a = next();
    this.#b = next();
    this.#c = next();
    this.#d = next() | 1;
  }

  /** An integer from 0 to `limit - 1`; its bias, at most `limit` / 2^32, is below what a forest could notice. */
  below(limit: number): number {
    const b = this.#b;
    const scrambled = Math.imul(b, 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0;
    this.#c ^= this.#a;
    this.#d ^= b;
    this.#b = b ^ this.#c;
    this.#a ^= this.#d;
    this.#c ^= b << 9;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return Math.floor(result * 2 ** -32 * limit);
  }
}

/** The numbers 0 to `count - 1` in random order (Fisher and Yates). */
export function shuffled(count: number, random: Random): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = 0; i < count - 1; i++) {
    const j = i + random.below(count - i);
    const drawn = order[j]!;
    order[j] = order[i]!;
    order[i] = drawn;
  }
  return order;
}

function splitMix(value: number): number {
  let z = (value + 0x9e3779b9) | 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return z ^ (z >>> 15);
}
