import { writeShares } from "./leaf-value.ts";
import type { Tree } from "./tree.ts";

/** Puts a {@link Tree} together, node by node, parents before their children. */
export class TreeBuilder {
  readonly #feature: number[] = [];
  readonly #threshold: number[] = [];
  readonly #left: number[] = [];
  readonly #right: number[] = [];
  readonly #missingLeft: number[] = [];
  readonly #value: number[] = [];

  /**
   * Adds a leaf; {@link split} makes an inner node of it.
   *
   * @param weights weight of each class in the node
   * @returns the node's index
   */
  add(weights: ArrayLike<number>): number {
    const node = this.#feature.push(-1) - 1;
    this.#threshold.push(0);
    this.#left.push(-1);
    this.#right.push(-1);
    this.#missingLeft.push(0);
    writeShares(weights, this.#value, this.#value.length);
    return node;
  }

  /** Lets `node` ask whether `feature <= threshold`. */
  split(node: number, feature: number, threshold: number, missingLeft: boolean): void {
    this.#feature[node] = feature;
    this.#threshold[node] = threshold;
    this.#missingLeft[node] = missingLeft ? 1 : 0;
  }

  /** Hangs `child` below the inner node `parent`. */
  connect(parent: number, side: "left" | "right", child: number): void {
    (side === "left" ? this.#left : this.#right)[parent] = child;
  }

  finish(): Tree {
    return {
      feature: Int32Array.from(this.#feature),
      threshold: Float64Array.from(this.#threshold),
      left: Int32Array.from(this.#left),
      right: Int32Array.from(this.#right),
      missingLeft: Uint8Array.from(this.#missingLeft),
      value: Float64Array.from(this.#value),
    };
  }
}
