import type { ForestParams } from "./forest-params.ts";
import type { Tree } from "./tree.ts";

/** What {@link RandomForestClassifier.toJSON} gives and {@link RandomForestClassifier.load} takes. */
export interface ForestJson {
  readonly name: "RandomForestClassifier";
  readonly params: ForestParams;
  readonly featureCount: number;
  readonly classes: readonly number[];
  readonly trees: readonly TreeJson[];
}

export type TreeJson = { readonly [field in keyof Tree]: readonly number[] };

export function treeToJson(tree: Tree): TreeJson {
  return {
    feature: [...tree.feature],
    threshold: [...tree.threshold],
    left: [...tree.left],
    right: [...tree.right],
    missingLeft: [...tree.missingLeft],
    value: [...tree.value],
  };
}

/** @throws TypeError where a tree's arrays don't fit together, or a node leads nowhere or back */
export function treeFromJson(json: TreeJson, classes: number, featureCount: number, index: number): Tree {
  const tree: Tree = {
    feature: Int32Array.from(json.feature),
    threshold: Float64Array.from(json.threshold),
    left: Int32Array.from(json.left),
    right: Int32Array.from(json.right),
    missingLeft: Uint8Array.from(json.missingLeft),
    value: Float64Array.from(json.value),
  };
  const nodes = tree.feature.length;
  const perNode = [tree.threshold, tree.left, tree.right, tree.missingLeft];
  if (nodes === 0 || perNode.some(({ length }) => length !== nodes) || tree.value.length !== nodes * classes)
    throw new TypeError(`tree ${index} must have one entry a node in each array, and one value a class in each node`);
  const leadsOn = (node: number, child: number) => child > node && child < nodes;
  for (let node = 0; node < nodes; node++) {
    const feature = tree.feature[node]!;
    if (feature === -1) continue;
    const sound = feature >= 0 && feature < featureCount;
    if (!sound || !leadsOn(node, tree.left[node]!) || !leadsOn(node, tree.right[node]!))
      throw new TypeError(
        `node ${node} of tree ${index} must ask for one of ${featureCount} features and lead to later nodes`,
      );
  }
  return tree;
}
