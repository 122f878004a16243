/** A classifier's answers to rows. */
export interface Answers {
  /** The label of each row. */
  readonly predictions: Float64Array;
  /** Rows x classes, row major. */
  readonly probabilities: Float64Array;
}

/** Answers of these probabilities, rows x classes: the label is the first class of highest probability. */
export function answersFrom(probabilities: Float64Array, classes: readonly number[]): Answers {
  const predictions = Float64Array.from({ length: probabilities.length / classes.length }, (_, row) => {
    let best = 0;
    for (let index = 1; index < classes.length; index += 1)
      if (probabilities[row * classes.length + index]! > probabilities[row * classes.length + best]!) best = index;
    return classes[best]!;
  });
  return { predictions, probabilities };
}
