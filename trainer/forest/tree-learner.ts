import type { Random } from "./random.ts";
import type { Tree } from "./tree.ts";

/** Grows trees from the rows that it was made with, one at a time. */
export interface TreeLearner {
  /**
   * @param weights how often each row counts, 0 leaves it out
   * @param random where the tree's draws of features come from
   */
  grow(weights: Uint16Array, random: Random): Tree;
}

/** What a tree may look like: {@link ForestParams} with its words resolved to numbers. */
export interface TreeLimits {
  /** Infinity where there's no limit. */
  readonly maxDepth: number;
  readonly minSamplesSplit: number;
  readonly minSamplesLeaf: number;
  /** Features drawn at a node, 1 to their number. */
  readonly maxFeatures: number;
}
