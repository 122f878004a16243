import type { GoldenSample } from "../../mlflow/model-folder.ts";
import type { Answers } from "../answers.ts";
import type { FeatureColumn } from "../features/index.ts";

/** Rows spread over the probabilities, rows nearest the decision boundary, rows with missing values. */
const wanted = { spread: 16, boundary: 8, missing: 8 } as const;

/** Distance of the two highest probabilities below which a runtime that sums in float might answer the other label. */
const leastMargin = 1e-5;

/**
 * Positions of the rows that become the golden sample, ascending, at most 32: the same rows each time, none twice.
 *
 * @param features the columns of the test rows
 * @param probabilities rows x classes, row major
 */
export function goldenRows(features: readonly FeatureColumn[], probabilities: Float64Array): number[] {
  const rows = features[0]!.values.length;
  const classCount = probabilities.length / rows;
  const margin = Float64Array.from({ length: rows }, (_, row) => {
    const [first, second] = probabilities
      .slice(row * classCount, (row + 1) * classCount)
      .sort()
      .reverse();
    return first! - second!;
  });
  const last = Float64Array.from({ length: rows }, (_, row) => probabilities[(row + 1) * classCount - 1]!);
  const clear = [...margin.keys()].filter((row) => margin[row]! >= leastMargin);
  const eligible = clear.length > 0 ? clear : [...margin.keys()];
  const byProbability = eligible.toSorted((a, b) => last[a]! - last[b]! || a - b);
  const byMargin = eligible.toSorted((a, b) => margin[a]! - margin[b]! || a - b);
  const hasMissing = (row: number) => features.some(({ values }) => Number.isNaN(values[row]));
  const chosen = new Map<string, number>();
  const add = (candidates: Iterable<number>, count: number) => {
    let left = count;
    for (const row of candidates) {
      const key = features.map(({ values }) => values[row]).join();
      if (left === 0) return;
      if (chosen.has(key)) continue;
      chosen.set(key, row);
      left -= 1;
    }
  };
  for (const row of evenlySpread(byProbability, last)) add([row], 1);
  add(byMargin, wanted.boundary);
  add(byProbability.filter(hasMissing), wanted.missing);
  return [...chosen.values()].sort((a, b) => a - b);
}

/** Of rows ordered by probability, the first at or above each of equally distant probabilities, from least to greatest. */
function evenlySpread(ordered: readonly number[], probability: Float64Array): number[] {
  if (ordered.length === 0) return [];
  const [least, greatest] = [probability[ordered[0]!]!, probability[ordered.at(-1)!]!];
  return Array.from({ length: wanted.spread }, (_, index) => {
    const target = least + ((greatest - least) * index) / (wanted.spread - 1);
    return ordered.find((row) => probability[row]! >= target) ?? ordered.at(-1)!;
  });
}

/** The golden sample of these rows, with the answers of ONNX Runtime. */
export function goldenSample(
  features: readonly FeatureColumn[],
  rows: readonly number[],
  { predictions, probabilities }: Answers,
): GoldenSample {
  const classCount = probabilities.length / predictions.length;
  return {
    columns: features.map(({ name }) => name),
    rows: rows.map((row) => features.map(({ values }) => orNull(values[row]!))),
    predictions: rows.map((row) => predictions[row]!),
    probabilities: rows.map((row) => [...probabilities.subarray(row * classCount, (row + 1) * classCount)]),
  };
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
