import type { Tree } from "../forest/tree.ts";
import { bytes, doubles, intAttribute, intsAttribute, tensorAttribute } from "./build.ts";
import type { Attribute } from "./messages.ts";

/**
 * The attributes of an ai.onnx.ml version 5 `TreeEnsemble` in double that sums, for each class but the first, the
 * trees' leaf values: output [N, classes - 1].
 *
 * A leaf of that operator contributes to one target, so trees are repeated for each class after the second. The first
 * class is left out since a leaf's values sum to 1: its sum is the number of trees less the others.
 *
 * @param mayBeMissing of each column; the nodes of the others send a missing value right, whatever the tree says
 * @see https://onnx.ai/onnx/operators/onnx_aionnxml_TreeEnsemble.html
 */
export function treeEnsembleAttributes(
  trees: readonly Tree[],
  classCount: number,
  mayBeMissing: readonly boolean[],
): Attribute[] {
  const nodes = new Nodes(mayBeMissing);
  const roots: number[] = [];
  for (let target = 1; target < classCount; target += 1)
    for (const tree of trees) roots.push(nodes.append(tree, target, classCount));
  return [
    intAttribute("aggregate_function", 1),
    intAttribute("n_targets", classCount - 1),
    intsAttribute("tree_roots", roots),
    intsAttribute("nodes_featureids", nodes.features),
    tensorAttribute("nodes_splits", doubles(nodes.splits)),
    // 0 is BRANCH_LEQ
    tensorAttribute("nodes_modes", bytes(new Uint8Array(nodes.features.length))),
    intsAttribute("nodes_truenodeids", nodes.trueIds),
    intsAttribute("nodes_falsenodeids", nodes.falseIds),
    intsAttribute("nodes_trueleafs", nodes.trueLeafs),
    intsAttribute("nodes_falseleafs", nodes.falseLeafs),
    // with this attribute ONNX Runtime tests every value for NaN: a fifth slower for 48 rows
    ...(nodes.missingTrue.includes(1) ? [intsAttribute("nodes_missing_value_tracks_true", nodes.missingTrue)] : []),
    intsAttribute("leaf_targetids", nodes.leafTargets),
    tensorAttribute("leaf_weights", doubles(nodes.leafWeights)),
  ];
}

/** The operator's parallel lists: inner nodes and leaves are numbered apart. */
class Nodes {
  readonly features: number[] = [];
  readonly splits: number[] = [];
  readonly trueIds: number[] = [];
  readonly falseIds: number[] = [];
  readonly trueLeafs: number[] = [];
  readonly falseLeafs: number[] = [];
  readonly missingTrue: number[] = [];
  readonly leafTargets: number[] = [];
  readonly leafWeights: number[] = [];
  readonly #mayBeMissing: readonly boolean[];

  constructor(mayBeMissing: readonly boolean[]) {
    this.#mayBeMissing = mayBeMissing;
  }

  /** Appends a tree's nodes for one class and gives the position of its root. */
  append(tree: Tree, target: number, classCount: number): number {
    const root = this.features.length;
    const weight = (node: number) => tree.value[node * classCount + target]!;
    const positions = new Int32Array(tree.feature.length).fill(-1);
    let next = root;
    for (let node = 0; node < tree.feature.length; node += 1) {
      const leaf = tree.feature[node]! < 0;
      positions[node] = leaf ? this.#leaf(target, weight(node)) : next;
      if (!leaf) next += 1;
    }
    // a tree that is one leaf is a node whose branches are the same leaf
    if (tree.feature[0]! < 0) this.#inner(0, 0, 0, [positions[0]!, 1], [positions[0]!, 1]);
    for (let node = 0; node < tree.feature.length; node += 1) {
      if (tree.feature[node]! < 0) continue;
      const branch = (child: number) => [positions[child]!, tree.feature[child]! < 0 ? 1 : 0] as const;
      const [left, right] = [branch(tree.left[node]!), branch(tree.right[node]!)];
      this.#inner(tree.feature[node]!, tree.threshold[node]!, tree.missingLeft[node]!, left, right);
    }
    return root;
  }

  #leaf(target: number, weight: number): number {
    this.leafTargets.push(target - 1);
    return this.leafWeights.push(weight) - 1;
  }

  #inner(
    feature: number,
    split: number,
    missingTrue: number,
    whenTrue: readonly [number, number],
    whenFalse: readonly [number, number],
  ): void {
    this.features.push(feature);
    this.splits.push(split);
    this.missingTrue.push(this.#mayBeMissing[feature] ? missingTrue : 0);
    this.trueIds.push(whenTrue[0]);
    this.trueLeafs.push(whenTrue[1]);
    this.falseIds.push(whenFalse[0]);
    this.falseLeafs.push(whenFalse[1]);
  }
}
