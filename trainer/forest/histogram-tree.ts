import type { BinnedFeature } from "./bin-features.ts";
import { type HistogramNode, NodeHistograms } from "./node-histograms.ts";
import { NodeRows, type Span } from "./node-rows.ts";
import { listOccupied, type OccupiedHistogram, SparseHistogram } from "./occupied-bins.ts";
import { type Random, shuffled } from "./random.ts";
import { onlyMissing, SplitSearch } from "./split-search.ts";
import type { Tree } from "./tree.ts";
import { TreeBuilder } from "./tree-builder.ts";
import type { TreeLearner, TreeLimits } from "./tree-learner.ts";

/** From this many rows on, a node's histograms are kept for its children, and all bins are looked through. */
const keepHistogramsFrom = 128;

interface Node extends HistogramNode {
  readonly depth: number;
  /** Weight of each class. */
  readonly weights: Float64Array;
  /** All features in the order drawn; none where the node stays a leaf. */
  readonly features: Uint32Array;
  readonly parent: number;
  readonly side: "left" | "right";
}

/**
 * Grows trees over binned features: exactly scikit-learn's best splits where each distinct value has its bin, else the
 * best ones between bins.
 *
 * Sources: scikit-learn, `sklearn/tree/_splitter.pyx` and `_tree.pyx`; for the histograms Ke et al., "LightGBM", 2017.
 */
export class HistogramTreeLearner implements TreeLearner {
  readonly #features: readonly BinnedFeature[];
  readonly #limits: TreeLimits;
  readonly #rows: NodeRows;
  readonly #histograms: NodeHistograms;
  readonly #sparse: SparseHistogram;
  readonly #search: SplitSearch;

  /** @param labels class of each row, 0 to `classes - 1` */
  constructor(features: readonly BinnedFeature[], labels: Int32Array, classes: number, limits: TreeLimits) {
    const countRows = limits.minSamplesLeaf > 1;
    this.#features = features;
    this.#limits = limits;
    this.#rows = new NodeRows(labels, classes);
    this.#histograms = new NodeHistograms(features, this.#rows, countRows);
    this.#sparse = new SparseHistogram(this.#rows, countRows);
    this.#search = new SplitSearch(classes, limits.minSamplesLeaf);
  }

  grow(weights: Uint16Array, random: Random): Tree {
    const tree = new TreeBuilder();
    const { span, total } = this.#rows.start(weights);
    const stack = [this.#node(span, 0, total, -1, "left", random)];
    for (let node = stack.pop(); node; node = stack.pop()) {
      const index = tree.add(node.weights);
      if (node.parent >= 0) tree.connect(node.parent, node.side, index);
      if (this.#findSplit(node)) {
        tree.split(index, this.#search.feature, this.#threshold(), this.#search.missingLeft);
        const [left, right] = this.#children(node, index, random);
        stack.push(right, left);
      }
      this.#histograms.release(node);
    }
    return tree.finish();
  }

  #node(
    span: Span,
    depth: number,
    weights: Float64Array,
    parent: number,
    side: "left" | "right",
    random: Random,
  ): Node {
    const { minSamplesSplit, minSamplesLeaf, maxFeatures } = this.#limits;
    const enough = span.end - span.start >= Math.max(minSamplesSplit, 2 * minSamplesLeaf);
    const features = this.#mayGrow(depth, weights) && enough ? shuffled(this.#features.length, random) : noFeatures;
    return { span, depth, weights, parent, side, features, drawn: features.subarray(0, maxFeatures), histograms: [] };
  }

  #mayGrow(depth: number, weights: Float64Array): boolean {
    if (depth >= this.#limits.maxDepth) return false;
    let present = 0;
    for (let k = 0; k < weights.length; k++) if (weights[k]! > 0) present++;
    return present > 1;
  }

  #findSplit(node: Node): boolean {
    const { features, drawn } = node;
    this.#search.start(node.weights, node.span.end - node.span.start);
    if (keepsHistograms(node)) this.#histograms.fill(node);
    let varying = 0;
    // As in scikit-learn, a constant feature counts as drawn, but the draw goes on until one varies.
    for (let i = 0; i < features.length && (i < drawn.length || varying === 0); i++) {
      const feature = features[i]!;
      if (this.#search.try(feature, this.#histogram(node, feature))) varying++;
    }
    return this.#search.feature >= 0;
  }

  #histogram(node: Node, feature: number): OccupiedHistogram {
    const { bins, lowest } = this.#features[feature]!;
    if (!keepsHistograms(node)) return this.#sparse.of(bins, node.span);
    return listOccupied(this.#histograms.of(node, feature), lowest.length);
  }

  /** Halfway between the sides' nearest values, as scikit-learn has it; beyond all values where only missing ones go right. */
  #threshold(): number {
    const { feature, lowBin, highBin } = this.#search;
    if (highBin === onlyMissing) return Number.MAX_VALUE;
    const { lowest, highest } = this.#features[feature]!;
    const low = highest[lowBin]!;
    const high = lowest[highBin]!;
    const middle = low / 2 + high / 2;
    return middle < high ? middle : low;
  }

  #children(node: Node, index: number, random: Random): [Node, Node] {
    const { feature, lowBin, missingLeft } = this.#search;
    const { start, end } = node.span;
    const depth = node.depth + 1;
    const leftWeights = this.#search.left.slice();
    const rightWeights = node.weights.map((weight, k) => weight - leftWeights[k]!);
    const grows = this.#mayGrow(depth, leftWeights) || this.#mayGrow(depth, rightWeights);
    // Two leaves need no rows: they have their weights.
    const middle = grows ? this.#rows.partition(node.span, this.#features[feature]!.bins, lowBin, missingLeft) : start;
    const left = this.#node({ start, end: middle }, depth, leftWeights, index, "left", random);
    const right = this.#node({ start: middle, end }, depth, rightWeights, index, "right", random);
    const [smaller, larger] = middle - start < end - middle ? [left, right] : [right, left];
    if (keepsHistograms(larger)) {
      if (keepsHistograms(smaller)) this.#histograms.fill(smaller);
      this.#histograms.inherit(node, smaller, larger);
    }
    return [left, right];
  }
}

const noFeatures = new Uint32Array(0);

function keepsHistograms(node: Node): boolean {
  return node.features.length > 0 && node.span.end - node.span.start >= keepHistogramsFrom;
}
