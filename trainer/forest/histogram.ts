import { binSlots } from "./bin-features.ts";
import { classSlots, type NodeRows, type Span, weightOf } from "./node-rows.ts";

/** The training rows of a node as one feature sees them. */
export interface Histogram {
  /** Weight of each class and bin, at `class * binSlots + bin`. */
  readonly weights: Int32Array;
  /** Rows in each bin, however often drawn; of length 0 where `min_samples_leaf` is 1, which nothing falls below. */
  readonly rows: Int32Array;
}

export function emptyHistogram(classes: number, countRows: boolean): Histogram {
  return { weights: new Int32Array(binSlots * classes), rows: new Int32Array(countRows ? binSlots : 0) };
}

/** Adds a node's rows. */
export function addRows(into: Histogram, bins: Uint8Array, { codes, order }: NodeRows, span: Span): void {
  const { weights, rows } = into;
  for (let i = span.start; i < span.end; i++) {
    const row = order[i]!;
    const code = codes[row]!;
    weights[(code & classSlots) | bins[row]!]! += weightOf(code);
  }
  if (rows.length > 0) for (let i = span.start; i < span.end; i++) rows[bins[order[i]!]!]! += 1;
}

/** {@link addRows} for two features in one pass, which loads each row's weight and class once. */
export function addRowsTwice(
  first: Histogram,
  firstBins: Uint8Array,
  second: Histogram,
  secondBins: Uint8Array,
  { codes, order }: NodeRows,
  span: Span,
): void {
  const firstWeights = first.weights;
  const secondWeights = second.weights;
  for (let i = span.start; i < span.end; i++) {
    const row = order[i]!;
    const code = codes[row]!;
    const slots = code & classSlots;
    const weight = weightOf(code);
    firstWeights[slots | firstBins[row]!]! += weight;
    secondWeights[slots | secondBins[row]!]! += weight;
  }
  if (first.rows.length === 0) return;
  for (let i = span.start; i < span.end; i++) {
    const row = order[i]!;
    first.rows[firstBins[row]!]! += 1;
    second.rows[secondBins[row]!]! += 1;
  }
}

/** Takes a child's rows out of its parent's histogram, which leaves that of its sibling. */
export function removeRows(from: Histogram, bins: Uint8Array, { codes, order }: NodeRows, child: Span): void {
  const { weights, rows } = from;
  for (let i = child.start; i < child.end; i++) {
    const row = order[i]!;
    const code = codes[row]!;
    weights[(code & classSlots) | bins[row]!]! -= weightOf(code);
  }
  if (rows.length > 0) for (let i = child.start; i < child.end; i++) rows[bins[order[i]!]!]! -= 1;
}

/** Takes a child's histogram out of its parent's, which leaves that of its sibling. */
export function subtract(from: Histogram, child: Histogram): void {
  for (let i = 0; i < from.weights.length; i++) from.weights[i]! -= child.weights[i]!;
  for (let i = 0; i < from.rows.length; i++) from.rows[i]! -= child.rows[i]!;
}
