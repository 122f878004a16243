import type { Predictions } from "../features/feature-rows.ts";
import type { Fit } from "./fit.ts";

/** How the answers to some rows differ. */
export interface Comparison {
  readonly rows: number;
  /** Rows that the two label differently; of regressors, those that only one has a number for. */
  readonly disagreements: number;
  /** Rows by the absolute difference of their answers: up to each of {@link differenceBounds}, and one place more for all above. */
  readonly counts: Float64Array;
  /** Of the differences; those that are no number left out. */
  readonly sum: number;
}

/** Upper bounds of differences: of probabilities, 0 to 1; of a regressor's values, of any size. */
export const differenceBounds: readonly number[] = [
  1e-6, 1e-4, 0.001, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 10, 100, 1000, 10_000,
];

/**
 * Compares two models' answers to the same rows. The difference of two classifiers in a row is the largest of any class's
 * probability, and there is none where one of them gives no probabilities; that of two regressors is the one of their values.
 *
 * @throws Error where the two give another number of probabilities.
 */
export function compare(main: Predictions, shadow: Predictions, { task, classes }: Fit): Comparison {
  const differences = task === "regression" ? ofValues(main, shadow) : ofProbabilities(main, shadow, classes);
  const counts = new Float64Array(differenceBounds.length + 1);
  let sum = 0;
  for (const difference of differences) {
    const at = differenceBounds.findIndex((bound) => difference <= bound);
    counts[at < 0 ? differenceBounds.length : at]! += 1;
    if (Number.isFinite(difference)) sum += difference;
  }
  const rows = main.values.length;
  return {
    rows,
    disagreements: task === "regression" ? differences.filter(Number.isNaN).length : otherLabels(main, shadow),
    counts,
    sum,
  };
}

/** 0 where neither has a number, NaN where one of them has. */
function ofValues({ values }: Predictions, shadow: Predictions): Float64Array {
  return Float64Array.from(values as Float64Array, (value, row) => {
    const other = shadow.values[row] as number;
    return Object.is(value, other) ? 0 : Math.abs(value - other);
  });
}

function ofProbabilities(main: Predictions, shadow: Predictions, order: Fit["classes"]): Float64Array {
  if (main.classes === 0 || shadow.classes === 0) return new Float64Array();
  const width = main.classes;
  if (shadow.classes !== width)
    throw new Error(
      `expected probabilities of ${width} classes, as the model that answers gives, got ${shadow.classes}`,
    );
  const differences = new Float64Array(main.values.length);
  for (let row = 0; row < differences.length; row++)
    for (let at = 0; at < width; at++) {
      const difference =
        main.probabilities[row * width + (order?.[at] ?? at)]! - shadow.probabilities[row * width + at]!;
      differences[row] = Math.max(differences[row]!, Math.abs(difference));
    }
  return differences;
}

function otherLabels({ values }: Predictions, shadow: Predictions): number {
  let others = 0;
  for (let row = 0; row < values.length; row++) if (values[row] !== shadow.values[row]) others++;
  return others;
}
