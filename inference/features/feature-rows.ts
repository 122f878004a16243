/** Rows to predict, in one piece of memory. */
export interface FeatureRows {
  readonly count: number;
  /** count x features, row-major, features in the signature's order; NaN is a missing value. */
  readonly values: Float64Array;
}

/** A model's answer to rows. */
export interface Predictions {
  /** One label a row. */
  readonly labels: Float64Array;
  /** rows x classes, row-major. */
  readonly probabilities: Float64Array;
  readonly classes: number;
}
