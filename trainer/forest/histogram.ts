import { binSlots } from "./bin-features.ts";
import type { NodeRows, Span } from "./node-rows.ts";

/** The training rows of a node as one feature sees them. */
export interface Histogram {
  /** Weight of each bin and class, at `bin << classBits | class`. */
  readonly weights: Int32Array;
  /** Rows in each bin, however often drawn; of length 0 where `min_samples_leaf` is 1, which nothing falls below. */
  readonly rows: Int32Array;
}

export function emptyHistogram(classBits: number, countRows: boolean): Histogram {
  return { weights: new Int32Array(binSlots << classBits), rows: new Int32Array(countRows ? binSlots : 0) };
}

/** Adds a node's rows. */
export function addRows(into: Histogram, bins: Uint8Array, { codes, order, classBits }: NodeRows, span: Span): void {
  const { weights, rows } = into;
  const classMask = (1 << classBits) - 1;
  for (let i = span.start; i < span.end; i++) {
    const row = order[i]!;
    const code = codes[row]!;
    weights[(bins[row]! << classBits) | (code & classMask)]! += code >> classBits;
  }
  if (rows.length > 0) for (let i = span.start; i < span.end; i++) rows[bins[order[i]!]!]! += 1;
}

/** {@link addRows} for two features in one pass, which loads each row's weight and class once. */
export function addRowsTwice(
  first: Histogram,
  firstBins: Uint8Array,
  second: Histogram,
  secondBins: Uint8Array,
  { codes, order, classBits }: NodeRows,
  span: Span,
): void {
  const firstWeights = first.weights;
  const secondWeights = second.weights;
  const classMask = (1 << classBits) - 1;
  for (let i = span.start; i < span.end; i++) {
    const row = order[i]!;
    const code = codes[row]!;
    const label = code & classMask;
    const weight = code >> classBits;
    firstWeights[(firstBins[row]! << classBits) | label]! += weight;
    secondWeights[(secondBins[row]! << classBits) | label]! += weight;
  }
  if (first.rows.length === 0) return;
  for (let i = span.start; i < span.end; i++) {
    const row = order[i]!;
    first.rows[firstBins[row]!]! += 1;
    second.rows[secondBins[row]!]! += 1;
  }
}

/** Takes a child's rows out of its parent's histogram, which leaves that of its sibling. */
export function removeRows(
  from: Histogram,
  bins: Uint8Array,
  { codes, order, classBits }: NodeRows,
  child: Span,
): void {
  const { weights, rows } = from;
  const classMask = (1 << classBits) - 1;
  for (let i = child.start; i < child.end; i++) {
    const row = order[i]!;
    const code = codes[row]!;
    weights[(bins[row]! << classBits) | (code & classMask)]! -= code >> classBits;
  }
  if (rows.length > 0) for (let i = child.start; i < child.end; i++) rows[bins[order[i]!]!]! -= 1;
}

/** Takes a child's histogram out of its parent's, which leaves that of its sibling. */
export function subtract(from: Histogram, child: Histogram): void {
  for (let i = 0; i < from.weights.length; i++) from.weights[i]! -= child.weights[i]!;
  for (let i = 0; i < from.rows.length; i++) from.rows[i]! -= child.rows[i]!;
}
