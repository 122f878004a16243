/** Precision, recall and F1 of one class, or their means. */
export interface PrecisionRecall {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** Share of the rows whose prediction is the label. */
export function accuracy(labels: Float64Array, predictions: Float64Array): number {
  return labels.reduce((sum, label, row) => sum + (label === predictions[row] ? 1 : 0), 0) / labels.length;
}

/** Precision, recall and F1 with `positive` as the positive class; 0 in place of 0/0, as scikit-learn. */
export function precisionRecall(labels: Float64Array, predictions: Float64Array, positive: number): PrecisionRecall {
  let hits = 0;
  let predicted = 0;
  let actual = 0;
  for (const [row, label] of labels.entries()) {
    if (label === positive) actual += 1;
    if (predictions[row] === positive) predicted += 1;
    if (label === positive && predictions[row] === positive) hits += 1;
  }
  const ratio = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);
  return { precision: ratio(hits, predicted), recall: ratio(hits, actual), f1: ratio(2 * hits, predicted + actual) };
}

/** The means over the classes that occur as label or prediction: scikit-learn's `average="macro"`. */
export function macroPrecisionRecall(labels: Float64Array, predictions: Float64Array): PrecisionRecall {
  const classes = [...new Set([...labels, ...predictions])];
  const each = classes.map((label) => precisionRecall(labels, predictions, label));
  const mean = (pick: (scores: PrecisionRecall) => number) =>
    each.reduce((sum, scores) => sum + pick(scores), 0) / each.length;
  return { precision: mean((s) => s.precision), recall: mean((s) => s.recall), f1: mean((s) => s.f1) };
}
