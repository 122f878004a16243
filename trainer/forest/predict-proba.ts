import type { Tree } from "./tree.ts";

/** Rows that go through all trees together: they and a tree fit into a core's cache. */
const blockRows = 1024;

/**
 * The mean of the trees' leaf shares.
 *
 * @param columns one array a feature, all of one length; NaN is a missing value
 * @returns rows x classes, row major
 */
export function meanOfLeaves(trees: readonly Tree[], classes: number, columns: readonly Float64Array[]): Float64Array {
  const rows = columns[0]?.length ?? 0;
  const features = columns.length;
  const result = new Float64Array(rows * classes);
  const block = new Float64Array(blockRows * features);
  for (let start = 0; start < rows; start += blockRows) {
    const count = Math.min(blockRows, rows - start);
    for (let feature = 0; feature < features; feature++) {
      const column = columns[feature]!;
      for (let row = 0; row < count; row++) block[row * features + feature] = column[start + row]!;
    }
    const sums = result.subarray(start * classes, (start + count) * classes);
    for (const tree of trees) addLeaves(tree, block, features, sums, classes);
  }
  for (let i = 0; i < result.length; i++) result[i]! /= trees.length;
  return result;
}

function addLeaves(tree: Tree, block: Float64Array, features: number, sums: Float64Array, classes: number): void {
  const { feature, threshold, left, right, missingLeft, value } = tree;
  for (let offset = 0, row = 0; offset < sums.length; offset += classes, row += features) {
    let node = 0;
    for (let asked = feature[0]!; asked >= 0; asked = feature[node]!) {
      const x = block[row + asked]!;
      if (x <= threshold[node]!) node = left[node]!;
      else node = missingLeft[node] === 1 && Number.isNaN(x) ? left[node]! : right[node]!;
    }
    for (let k = 0; k < classes; k++) sums[offset + k]! += value[node * classes + k]!;
  }
}
