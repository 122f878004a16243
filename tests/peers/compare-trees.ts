import { deepEqual, ok } from "node:assert/strict";
import type { TreeJson } from "../../trainer/forest/forest-json.ts";
import type { LabelledRows } from "../../trainer/forest/test-sample.ts";
import type { Tree } from "../../trainer/forest/tree.ts";

type AnyTree = Tree | TreeJson;

/**
 * Goes down two trees of the same rows together. Where they split a node otherwise, both splits must be equally good,
 * and what is below isn't compared.
 *
 * @returns how many nodes are alike, and how many are split otherwise
 */
export function compareTrees(ours: Tree, theirs: TreeJson, { columns, labels }: LabelledRows) {
  let alike = 0;
  let tied = 0;
  const goesLeft = (tree: AnyTree, node: number, row: number) => {
    const value = columns[tree.feature[node]!]![row]!;
    return Number.isNaN(value) ? tree.missingLeft[node] === 1 : value <= tree.threshold[node]!;
  };
  const impurity = (rows: readonly number[]) => {
    const counts = Object.values(Object.groupBy(rows, (row) => labels[row]!)).map((group) => group!.length);
    return rows.length - counts.reduce((sum, count) => sum + count ** 2, 0) / rows.length;
  };
  const parted = (tree: AnyTree, node: number, rows: readonly number[]) => {
    const { true: left = [], false: right = [] } = Object.groupBy(rows, (row) => `${goesLeft(tree, node, row)}`);
    return [left, right] as const;
  };
  const visit = (our: number, their: number, rows: readonly number[]) => {
    const [split, theirSplit] = [ours, theirs].map((tree, i) => {
      const node = i === 0 ? our : their;
      return [tree.feature[node], tree.threshold[node], tree.missingLeft[node]];
    });
    const classes = ours.value.length / ours.feature.length;
    for (let k = 0; k < classes; k++)
      ok(Math.abs(ours.value[our * classes + k]! - theirs.value[their * classes + k]!) <= 2 ** -32);
    if (split![0] === -1 || theirSplit![0] === -1) {
      deepEqual(split, theirSplit);
      alike++;
      return;
    }
    const [left, right] = parted(ours, our, rows);
    if (split!.join() !== theirSplit!.join()) {
      const [theirLeft, theirRight] = parted(theirs, their, rows);
      const difference = impurity(left) + impurity(right) - impurity(theirLeft) - impurity(theirRight);
      ok(Math.abs(difference) < 1e-9, `node ${our}: ${split} is ${difference} less pure than ${theirSplit}`);
      tied++;
      return;
    }
    alike++;
    visit(ours.left[our]!, theirs.left[their]!, left);
    visit(ours.right[our]!, theirs.right[their]!, right);
  };
  visit(0, 0, [...labels.keys()]);
  return { alike, tied };
}
