import type { BinnedFeature } from "./bin-features.ts";
import { addRows, addRowsTwice, emptyHistogram, type Histogram, removeRows, subtract } from "./histogram.ts";
import type { NodeRows, Span } from "./node-rows.ts";

/** A node's histograms by feature; holes where there's none yet. */
export type FeatureHistograms = (Histogram | undefined)[];

/** A node as far as its histograms go. */
export interface HistogramNode {
  readonly span: Span;
  /** The features that it surely looks at; none where it stays a leaf. */
  readonly drawn: Uint32Array;
  readonly histograms: FeatureHistograms;
}

/**
 * Makes the histograms of nodes, with as little counting as their draws of features allow: where the larger of two
 * siblings wants a feature that the parent has counted, it gets the parent's histogram less the smaller one's rows.
 */
export class NodeHistograms {
  readonly #features: readonly BinnedFeature[];
  readonly #rows: NodeRows;
  readonly #countRows: boolean;
  readonly #free: Histogram[] = [];

  constructor(features: readonly BinnedFeature[], rows: NodeRows, countRows: boolean) {
    this.#features = features;
    this.#rows = rows;
    this.#countRows = countRows;
  }

  /** The histogram of a feature in a node, counted unless it is there. */
  of(node: HistogramNode, feature: number): Histogram {
    const known = node.histograms[feature];
    if (known) return known;
    const histogram = this.#take(node, feature);
    addRows(histogram, this.#features[feature]!.bins, this.#rows, node.span);
    return histogram;
  }

  /** Counts what the node surely looks at, two features in a pass. */
  fill(node: HistogramNode): void {
    const missing = node.drawn.filter((feature) => !node.histograms[feature]);
    for (let i = 0; i + 1 < missing.length; i += 2) {
      const [one, two] = [missing[i]!, missing[i + 1]!];
      const [first, second] = [this.#take(node, one), this.#take(node, two)];
      addRowsTwice(first, this.#features[one]!.bins, second, this.#features[two]!.bins, this.#rows, node.span);
    }
    if (missing.length % 2 === 1) this.of(node, missing.at(-1)!);
  }

  /** Hands a parent's histograms down to the larger of its children. */
  inherit(parent: HistogramNode, smaller: HistogramNode, larger: HistogramNode): void {
    for (const feature of larger.drawn) {
      const histogram = parent.histograms[feature];
      if (!histogram) continue;
      const sibling = smaller.histograms[feature];
      if (sibling) subtract(histogram, sibling);
      else removeRows(histogram, this.#features[feature]!.bins, this.#rows, smaller.span);
      larger.histograms[feature] = histogram;
      parent.histograms[feature] = undefined;
    }
  }

  /** Takes a node's histograms back for others. */
  release(node: HistogramNode): void {
    for (const histogram of node.histograms) {
      if (!histogram) continue;
      histogram.weights.fill(0);
      histogram.rows.fill(0);
      this.#free.push(histogram);
    }
    node.histograms.length = 0;
  }

  #take(node: HistogramNode, feature: number): Histogram {
    const histogram = this.#free.pop() ?? emptyHistogram(this.#rows.classes, this.#countRows);
    node.histograms[feature] = histogram;
    return histogram;
  }
}
