import type { BinnedFeature } from "./bin-features.ts";
import { bootstrapWeights } from "./bootstrap.ts";
import { HistogramTreeLearner } from "./histogram-tree.ts";
import { Random } from "./random.ts";
import type { Tree } from "./tree.ts";
import type { TreeLearner, TreeLimits } from "./tree-learner.ts";

/** All that growing a forest's trees takes: plain data, its large parts in memory that threads share. */
export interface ForestTask {
  readonly rows:
    | { readonly learner: "histogram"; readonly features: readonly BinnedFeature[] }
    | { readonly learner: "cart"; readonly columns: readonly Float64Array[] };
  /** Class of each row, 0 to `classes - 1`. */
  readonly labels: Int32Array;
  readonly classes: number;
  readonly limits: TreeLimits;
  readonly bootstrap: boolean;
  readonly randomState: number;
}

/** What grows the tree of an index: the same tree wherever and in whatever order it is asked for. */
export async function treeGrower(task: ForestTask): Promise<(index: number) => Tree> {
  const learner = await treeLearner(task);
  const weights = new Uint16Array(task.labels.length).fill(1);
  return (index) => {
    const random = new Random(task.randomState, index);
    if (task.bootstrap) bootstrapWeights(weights, random);
    return learner.grow(weights, random);
  };
}

async function treeLearner({ rows, labels, classes, limits }: ForestTask): Promise<TreeLearner> {
  if (rows.learner === "histogram") return new HistogramTreeLearner(rows.features, labels, classes, limits);
  const { CartTreeLearner } = await import("./cart-tree.ts"); // ml-cart takes its time to load
  return new CartTreeLearner(rows.columns, labels, classes, limits);
}
