/** How well scores rank the positive rows before the others; undefined where a number has no meaning. */
export interface Ranking {
  /** Area under the ROC curve; undefined where all rows, or none, are positive. */
  readonly rocAuc: number | undefined;
  /** Sum of precisions weighted by the gain in recall, not interpolated; undefined where no row is positive. */
  readonly averagePrecision: number | undefined;
}

/**
 * ROC AUC and average precision. Rows of one score are one threshold, as in scikit-learn's `roc_auc_score` and
 * `average_precision_score`.
 *
 * @param isPositive 1 or 0 a row
 * @param scores as many, higher is more positive
 */
export function rank(isPositive: Uint8Array, scores: Float64Array): Ranking {
  const order = Uint32Array.from(scores.keys()).sort((a, b) => scores[b]! - scores[a]!);
  let positives = 0;
  let negatives = 0;
  let pairs = 0;
  let precisionSum = 0;
  for (let start = 0; start < order.length; ) {
    const score = scores[order[start]!]!;
    let end = start;
    let newPositives = 0;
    for (; end < order.length && scores[order[end]!] === score; end += 1) newPositives += isPositive[order[end]!]!;
    const newNegatives = end - start - newPositives;
    // of two rows with one score, each is before the other by half
    pairs += newNegatives * (positives + newPositives / 2);
    positives += newPositives;
    negatives += newNegatives;
    precisionSum += newPositives * (positives / (positives + negatives));
    start = end;
  }
  return {
    rocAuc: positives > 0 && negatives > 0 ? pairs / (positives * negatives) : undefined,
    averagePrecision: positives > 0 ? precisionSum / positives : undefined,
  };
}
