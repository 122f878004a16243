import { DecisionTreeClassifier, type TreeNode } from "ml-cart";
import { nextDown } from "./next-down.ts";
import { type Random, shuffled } from "./random.ts";
import type { Tree } from "./tree.ts";
import { TreeBuilder } from "./tree-builder.ts";
import type { TreeLearner, TreeLimits } from "./tree-learner.ts";

interface Pending {
  readonly node: TreeNode;
  /** The training rows in it. */
  readonly rows: readonly number[];
  readonly parent: number;
  readonly side: "left" | "right";
}

/**
 * Grows trees with ml-cart's DecisionTreeClassifier: every split between values, tried against every row of the node.
 *
 * ml-cart can't draw features anew at each node, so `max_features` are drawn once a tree
 * (Ho, "The Random Subspace Method for Constructing Decision Forests", 1998).
 * It has a quirk of its own: a node whose best gain equals its parent's stays a leaf.
 */
export class CartTreeLearner implements TreeLearner {
  readonly #columns: readonly Float64Array[];
  readonly #labels: Int32Array;
  readonly #classes: number;
  readonly #limits: TreeLimits;

  /**
   * @param columns without missing values
   * @param labels class of each row, 0 to `classes - 1`
   */
  constructor(columns: readonly Float64Array[], labels: Int32Array, classes: number, limits: TreeLimits) {
    this.#columns = columns;
    this.#labels = labels;
    this.#classes = classes;
    this.#limits = limits;
  }

  grow(weights: Uint16Array, random: Random): Tree {
    const rows = [...weights].flatMap((weight, row) => new Array<number>(weight).fill(row));
    const drawn = shuffled(this.#columns.length, random).subarray(0, this.#limits.maxFeatures).sort();
    const cart = new DecisionTreeClassifier({
      minNumSamples: this.#limits.minSamplesSplit - 1,
      maxDepth: this.#limits.maxDepth,
      gainThreshold: -1, // as in scikit-learn, a split that gains nothing may lead to one that does
    });
    cart.train(
      rows.map((row) => Array.from(drawn, (feature) => this.#columns[feature]![row]!)),
      rows.map((row) => this.#labels[row]!),
    );
    return this.#convert(cart.root, rows, drawn);
  }

  /** Sends the rows down again, as ml-cart's inner nodes don't know their classes and its leaves only some of them. */
  #convert(root: TreeNode, all: readonly number[], drawn: Uint32Array): Tree {
    const tree = new TreeBuilder();
    const stack: Pending[] = [{ node: root, rows: all, parent: -1, side: "left" }];
    for (let next = stack.pop(); next; next = stack.pop()) {
      const { node, rows, parent, side } = next;
      const index = tree.add(this.#count(rows));
      if (parent >= 0) tree.connect(parent, side, index);
      if (!node.left || !node.right) continue;
      const feature = drawn[node.splitColumn!]!;
      const threshold = nextDown(node.splitValue!);
      const goesLeft = (row: number) => this.#columns[feature]![row]! <= threshold;
      const left = rows.filter(goesLeft);
      tree.split(index, feature, threshold, left.length * 2 > rows.length);
      stack.push({ node: node.right, rows: rows.filter((row) => !goesLeft(row)), parent: index, side: "right" });
      stack.push({ node: node.left, rows: left, parent: index, side: "left" });
    }
    return tree.finish();
  }

  #count(rows: readonly number[]): number[] {
    const weights = new Array<number>(this.#classes).fill(0);
    for (const row of rows) weights[this.#labels[row]!]! += 1;
    return weights;
  }
}
