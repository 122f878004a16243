/**
 * A decision tree as flat arrays, one entry a node in depth-first order, node 0 the root; as scikit-learn's `tree_`.
 *
 * Source of the layout: scikit-learn, `sklearn/tree/_tree.pyx`.
 */
export interface Tree {
  /** Index of the column that the node asks for, -1 at a leaf. */
  readonly feature: Int32Array;
  /** A row goes left where its value is `<= threshold`; in the feature's unit, 0 at a leaf, always finite. */
  readonly threshold: Float64Array;
  /** Index of the left child, -1 at a leaf. */
  readonly left: Int32Array;
  /** Index of the right child, -1 at a leaf. */
  readonly right: Int32Array;
  /** 1 where a missing value (NaN) goes left, else 0. */
  readonly missingLeft: Uint8Array;
  /**
   * Nodes x classes, row major: the share of each class among the node's training rows.
   * Multiples of 2^-32 that add up to exactly 1, so that sums over trees are exact in any order.
   */
  readonly value: Float64Array;
}
