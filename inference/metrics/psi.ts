/** A bin's share counts as this much at least: an empty one would make the index infinite. One row of 10,000. */
const leastShare = 1e-4;

/**
 * Population stability index of two distributions over the same bins: the sum of (actual − expected) · ln(actual / expected)
 * over the bins' shares. It is 0 where they are equal; by custom a shift is small up to 0.1 and large from 0.25 on.
 *
 * Source: Siddiqi, "Credit Risk Scorecards", 2006, chapter 9; its behaviour: Yurdakul, "Statistical Properties of
 * Population Stability Index", 2018.
 *
 * @param expected - rows a bin, in any unit: only the shares count.
 * @param actual - likewise.
 * @throws RangeError where the bins differ in number, or one side holds nothing.
 */
export function populationStabilityIndex(expected: ArrayLike<number>, actual: ArrayLike<number>): number {
  if (expected.length !== actual.length)
    throw new RangeError(`expected ${expected.length} bins on both sides, got ${actual.length} actual ones`);
  const [expectedTotal, actualTotal] = [total(expected), total(actual)];
  if (!(expectedTotal > 0 && actualTotal > 0))
    throw new RangeError(`expected rows on both sides, got ${expectedTotal} expected and ${actualTotal} actual ones`);
  let index = 0;
  for (let bin = 0; bin < expected.length; bin++) {
    const before = Math.max(expected[bin]! / expectedTotal, leastShare);
    const now = Math.max(actual[bin]! / actualTotal, leastShare);
    index += (now - before) * Math.log(now / before);
  }
  return index;
}

function total(counts: ArrayLike<number>): number {
  let sum = 0;
  for (let bin = 0; bin < counts.length; bin++) sum += counts[bin]!;
  return sum;
}
