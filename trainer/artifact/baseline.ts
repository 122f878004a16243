import type { FeatureBaseline } from "../../mlflow/model-folder.ts";

/**
 * Distribution of a feature in the training rows.
 *
 * An edge is the smallest value that a tenth (two tenths, …) of the rows don't exceed; a bin holds the values from above
 * its lower edge up to its upper edge, that one included, so a feature of few distinct values has one bin for each. Where
 * more than nine tenths of the rows have the greatest value, the one edge is the value before it.
 *
 * @param values one a training row; NaN is missing
 */
export function featureBaseline(name: string, values: Float64Array): FeatureBaseline {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  const count = sorted.length;
  const mean = count === 0 ? Number.NaN : sorted.reduce((sum, value) => sum + value, 0) / count;
  const variance = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count;
  const edges = deciles(sorted);
  const counts = new Array<number>(edges.length + 1).fill(0);
  let bin = 0;
  for (const value of sorted) {
    while (bin < edges.length && value > edges[bin]!) bin += 1;
    counts[bin]! += 1;
  }
  return {
    name,
    count,
    missing: values.length - count,
    mean,
    std: Math.sqrt(variance),
    min: sorted[0] ?? Number.NaN,
    max: sorted.at(-1) ?? Number.NaN,
    edges,
    counts,
  };
}

function deciles(sorted: Float64Array): number[] {
  const max = sorted.at(-1);
  const all = Array.from({ length: 9 }, (_, index) => sorted[Math.ceil(((index + 1) * sorted.length) / 10) - 1]);
  // Above the greatest value there would be an empty bin.
  const below = [...new Set(all)].filter((edge) => edge !== undefined && edge < max!) as number[];
  if (below.length > 0) return below;
  const before = sorted.findLast((value) => value < max!);
  return before === undefined ? [] : [before];
}
