/** Rows to predict, in one piece of memory. */
export interface FeatureRows {
  readonly count: number;
  /**
   * count x features, row-major, features in the signature's order; NaN is a missing value. In the place of a text
   * stands 0.
   */
  readonly values: Float64Array;
  /** Of a model that takes texts: by feature, a text a row ("" where it is missing); undefined at features of numbers. */
  readonly texts?: readonly (readonly string[] | undefined)[];
}

/** A model's answer to rows. */
export interface Predictions {
  /** One a row: a classifier's label, or a regressor's value. */
  readonly values: Float64Array | readonly string[];
  /** rows x classes, row-major; empty for a regressor. */
  readonly probabilities: Float64Array;
  /** 0 for a regressor. */
  readonly classes: number;
}
