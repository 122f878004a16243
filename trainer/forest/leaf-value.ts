const unit = 2 ** 32;

/**
 * Writes the share of each class, as multiples of 2^-32 that add up to exactly 1, to `value[offset…]`.
 *
 * The running total is rounded, not each share: so none gets negative, and a class without weight stays at 0.
 *
 * @param weights weight of each class in the node, one of them at least above 0
 */
export function writeShares(weights: ArrayLike<number>, value: number[] | Float64Array, offset: number): void {
  let total = 0;
  for (let k = 0; k < weights.length; k++) total += weights[k]!;
  let running = 0;
  let before = 0;
  for (let k = 0; k < weights.length; k++) {
    running += weights[k]!;
    const rounded = Math.round((running / total) * unit);
    value[offset + k] = (rounded - before) / unit;
    before = rounded;
  }
}
