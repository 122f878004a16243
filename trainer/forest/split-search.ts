import { binSlots, missingBin } from "./bin-features.ts";
import type { Histogram } from "./histogram.ts";
import type { OccupiedHistogram } from "./occupied-bins.ts";

/** The right-hand bin of a split that parts the missing values from all others. */
export const onlyMissing = -1;

/**
 * Finds the split of a node that lowers the Gini impurity most, feature by feature; the first of equals stays.
 *
 * It maximises `sum(left_k^2) / left + sum(right_k^2) / right`, where `left_k` is the weight of class k on the left:
 * that has its maximum where the children's weighted impurity has its minimum.
 * With missing values in the node, each split is tried with them on the right and on the left.
 *
 * Source: scikit-learn, `sklearn/tree/_splitter.pyx`, `node_split_best`.
 */
export class SplitSearch {
  feature = -1;
  /** Highest bin of the left side, of those that the node has rows in. */
  lowBin = 0;
  /** Lowest bin of the right side, or {@link onlyMissing}. */
  highBin = 0;
  missingLeft = false;
  /** Weight of each class on the left side. */
  readonly left: Float64Array;
  readonly #running: Float64Array;
  readonly #minSamplesLeaf: number;
  #total: ArrayLike<number> = [];
  #rows = 0;
  #best = -1;

  constructor(classes: number, minSamplesLeaf: number) {
    this.left = new Float64Array(classes);
    this.#running = new Float64Array(classes);
    this.#minSamplesLeaf = minSamplesLeaf;
  }

  /**
   * Turns to a node.
   *
   * @param total weight of each class in the node
   * @param rows rows in the node
   */
  start(total: ArrayLike<number>, rows: number): void {
    this.feature = -1;
    this.#best = -1;
    this.#total = total;
    this.#rows = rows;
  }

  /**
   * Tries the splits of a feature.
   *
   * @returns false where the feature is constant in the node, so that there's no split
   */
  try(feature: number, { histogram, occupied, count }: OccupiedHistogram): boolean {
    if (count < 2) return false;
    const hasMissing = occupied[count - 1] === missingBin;
    this.#pass(feature, histogram, occupied, count, false, hasMissing);
    if (hasMissing) this.#pass(feature, histogram, occupied, count - 1, true, hasMissing);
    return true;
  }

  #pass(
    feature: number,
    histogram: Histogram,
    occupied: Uint8Array,
    bins: number,
    missingLeft: boolean,
    hasMissing: boolean,
  ): void {
    const { weights, rows } = histogram;
    const total = this.#total;
    const left = this.#running;
    const classes = left.length;
    const minSamplesLeaf = this.#minSamplesLeaf;
    let leftRows = missingLeft && rows.length > 0 ? rows[missingBin]! : 0;
    for (let k = 0; k < classes; k++) left[k] = missingLeft ? weights[k * binSlots + missingBin]! : 0;

    for (let i = 0; i < bins - 1; i++) {
      const bin = occupied[i]!;
      let leftWeight = 0;
      let leftSquares = 0;
      let rightWeight = 0;
      let rightSquares = 0;
      for (let k = 0; k < classes; k++) {
        const inLeft = left[k]! + weights[k * binSlots + bin]!;
        const inRight = total[k]! - inLeft;
        left[k] = inLeft;
        leftWeight += inLeft;
        leftSquares += inLeft * inLeft;
        rightWeight += inRight;
        rightSquares += inRight * inRight;
      }
      if (minSamplesLeaf > 1) {
        leftRows += rows[bin]!;
        if (leftRows < minSamplesLeaf || this.#rows - leftRows < minSamplesLeaf) continue;
      }
      const gain = leftSquares / leftWeight + rightSquares / rightWeight;
      if (gain <= this.#best) continue;
      this.#best = gain;
      this.feature = feature;
      this.lowBin = bin;
      const next = occupied[i + 1]!;
      this.highBin = next === missingBin ? onlyMissing : next;
      // Without missing values to learn from, they follow the heavier side.
      this.missingLeft = hasMissing ? missingLeft : leftWeight > rightWeight;
      this.left.set(left);
    }
  }
}
