/** The bin that missing values (NaN) are in. */
export const missingBin = 255;

/** Slots that a feature's histogram needs: its bins and the one of missing values. */
export const binSlots = 256;

/** The span of the training values in each bin of a feature, ascending; bins don't overlap. */
export interface FeatureBins {
  readonly lowest: Float64Array;
  readonly highest: Float64Array;
}

/** A feature's values as bin numbers. */
export interface BinnedFeature extends FeatureBins {
  /** One entry a row, in memory that threads share. */
  readonly bins: Uint8Array;
}

/** Replaces a feature's values by at most `maxBins` bins: one a distinct value where they are so few, else quantiles. */
export function binFeature(values: Float64Array, maxBins: number): BinnedFeature {
  const { lowest, highest } = findBins(values, maxBins);
  const bins = new Uint8Array(new SharedArrayBuffer(values.length));
  const last = highest.length - 1;
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    let low = 0;
    let high = last;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (value <= highest[middle]!) high = middle;
      else low = middle + 1;
    }
    bins[row] = Number.isNaN(value) ? missingBin : low;
  }
  return { lowest, highest, bins };
}

/**
 * Each bin takes distinct values until it holds its share of the rows that are left; a value that is as frequent as
 * a whole share gets a bin of its own.
 *
 * Source: LightGBM's GreedyFindBin (`src/io/bin.cpp`).
 */
export function findBins(values: Float64Array, maxBins: number): FeatureBins {
  const sorted = values.slice().sort(); // NaN last
  let rows = sorted.length;
  while (rows > 0 && Number.isNaN(sorted[rows - 1])) rows--;
  const { value, count } = distinctValues(sorted.subarray(0, rows));
  if (value.length <= maxBins) return { lowest: Float64Array.from(value), highest: Float64Array.from(value) };

  const lowest: number[] = [];
  const highest: number[] = [];
  let rowsLeft = rows;
  let index = 0;
  while (index < value.length) {
    const share = rowsLeft / (maxBins - lowest.length);
    lowest.push(value[index]!);
    let inBin = count[index]!;
    while (index + 1 < value.length && inBin + count[index + 1]! / 2 <= share) {
      index++;
      inBin += count[index]!;
    }
    highest.push(value[index]!);
    rowsLeft -= inBin;
    index++;
  }
  return { lowest: Float64Array.from(lowest), highest: Float64Array.from(highest) };
}

function distinctValues(sorted: Float64Array): { value: number[]; count: number[] } {
  const value: number[] = [];
  const count: number[] = [];
  let start = 0;
  for (let row = 1; row <= sorted.length; row++) {
    if (row < sorted.length && sorted[row] === sorted[start]) continue;
    value.push(sorted[start]!);
    count.push(row - start);
    start = row;
  }
  return { value, count };
}
