import { binSlots, missingBin } from "./bin-features.ts";

/** A stretch of {@link NodeRows.order}: the rows of one node, `start` to `end - 1`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Bits of a row's code that say where the histogram slots of its class begin: enough for 1024 classes. */
const classBits = 18;

/** Mask of those bits. */
export const classSlots = (1 << classBits) - 1;

/** A row's weight and class in one number, so that one load gives both: see {@link weightOf} and {@link classSlots}. */
function rowCode(weight: number, label: number): number {
  return (weight << classBits) | (label * binSlots);
}

/** The weight in a row's code. */
export function weightOf(code: number): number {
  return code >> classBits;
}

/** The rows that a tree learns from, kept so that each node's rows lie together, ascending. */
export class NodeRows {
  /** {@link rowCode} of each row. */
  readonly codes: Int32Array;
  /** Row numbers, node by node. */
  readonly order: Int32Array;
  readonly #labels: Int32Array;
  /** Number of classes. */
  readonly classes: number;
  readonly #toRight: Int32Array;
  readonly #goesLeft = new Uint8Array(binSlots);

  /** @param labels class of each row, 0 to `classes - 1` */
  constructor(labels: Int32Array, classes: number) {
    this.#labels = labels;
    this.classes = classes;
    this.codes = new Int32Array(labels.length);
    this.order = new Int32Array(labels.length);
    this.#toRight = new Int32Array(labels.length);
  }

  /** Starts a tree: takes the rows that have weight. Gives the root's span and the weight of each class. */
  start(weights: Uint16Array): { span: Span; total: Float64Array } {
    const { codes, order } = this;
    const labels = this.#labels;
    const total = new Float64Array(this.classes);
    let end = 0;
    for (let row = 0; row < weights.length; row++) {
      const weight = weights[row]!;
      const label = labels[row]!;
      codes[row] = rowCode(weight, label);
      total[label]! += weight;
      order[end] = row;
      end += -weight >>> 31; // 1 where there's weight; a branch here would be mispredicted for a third of the rows
    }
    return { span: { start: 0, end }, total };
  }

  /**
   * Puts a node's rows in bins up to `lowBin` before the others, each side in its old order.
   *
   * @returns where the right side begins
   */
  partition({ start, end }: Span, bins: Uint8Array, lowBin: number, missingLeft: boolean): number {
    const goesLeft = this.#goesLeft;
    goesLeft.fill(1, 0, lowBin + 1);
    goesLeft.fill(0, lowBin + 1);
    goesLeft[missingBin] = missingLeft ? 1 : 0;
    const order = this.order;
    const toRight = this.#toRight;
    let left = start;
    let right = 0;
    for (let i = start; i < end; i++) {
      const row = order[i]!;
      const toLeft = goesLeft[bins[row]!]!;
      order[left] = row; // written on both sides and kept on one, which spares a branch
      toRight[right] = row;
      left += toLeft;
      right += 1 - toLeft;
    }
    for (let i = 0; i < right; i++) order[left + i] = toRight[i]!;
    return left;
  }
}
