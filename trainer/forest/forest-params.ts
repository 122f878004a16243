/** Hyperparameters of a {@link RandomForestClassifier}, in scikit-learn's terms. */
export interface ForestParams {
  /** Number of trees. @default 100 */
  readonly nEstimators: number;
  /** Function that measures a split's quality. @default "gini" */
  readonly criterion: "gini";
  /** Greatest number of splits between the root and a leaf; null: no limit. @default null */
  readonly maxDepth: number | null;
  /** Rows (distinct ones, however often the bootstrap drew them) that a node needs to be split. @default 2 */
  readonly minSamplesSplit: number;
  /** Rows (distinct ones) that each side of a split must keep. @default 1 */
  readonly minSamplesLeaf: number;
  /**
   * Features drawn at each node: the square root or the base-2 logarithm of their number, an integer (that many),
   * a number between 0 and 1 (that share), or null (all of them). The `cart` learner draws them once a tree.
   *
   * @default "sqrt"
   */
  readonly maxFeatures: "sqrt" | "log2" | number | null;
  /** Whether each tree learns from as many rows drawn with replacement, or from the rows as they are. @default true */
  readonly bootstrap: boolean;
  /** Seed, 0 to 2^32 - 1: the same seed, rows and parameters give the same forest, bit for bit. @default 0 */
  readonly randomState: number;
  /** `histogram`: binned, threaded, for any number of rows; `cart`: ml-cart's exact tree, for small data. @default "histogram" */
  readonly treeLearner: "histogram" | "cart";
  /** Bins a feature of the `histogram` learner, 2 to 255, one more being kept for missing values. @default 255 */
  readonly maxBins: number;
}
