import test from "ava";
import type { ForestParams } from "../../trainer/forest/forest-params.ts";
import { RandomForestClassifier } from "../../trainer/forest/random-forest-classifier.ts";
import { noisyRows } from "../../trainer/forest/test-rows.ts";
import { type LabelledRows, rocAuc, sampleSplit } from "../../trainer/forest/test-sample.ts";
import { compareTrees } from "./compare-trees.ts";
import { type PeerTask, peerForest, peerTrees } from "./forest-peer.ts";

type Change = (value: number, row: number, feature: number) => number;

const same: Change = (value) => value;
const someMissing: Change = (value, row, feature) => ((row * 7919 + feature * 104729) % 11 < 2 ? Number.NaN : value);
/** Missing where the label is likely to be 1, so that parting the missing values from all others is a good split. */
const tellingMissing: Change = (value, _row, feature) => (feature === 0 && value > 850 ? Number.NaN : value);

/** Rows that scikit-learn, which computes with floats of 32 bits, sees as they are. */
function floatRows(rows: number, seed: number, classes: number, change: Change): LabelledRows {
  const { columns, labels } = noisyRows(rows, 4, seed);
  return {
    columns: columns.map((column, feature) =>
      column.map((value, row) => Math.fround(change(value * 1000, row, feature))),
    ),
    labels: Float64Array.from(labels, (label, row) => label * (1 + (row % (classes - 1)))),
  };
}

const cases: readonly [string, Partial<ForestParams>, Change, number][] = [
  ["rows without missing values", { minSamplesSplit: 30, maxDepth: 5 }, same, 2],
  ["min_samples_leaf", { minSamplesLeaf: 15, maxDepth: 6 }, same, 2],
  ["missing values", { minSamplesSplit: 30, maxDepth: 5 }, someMissing, 2],
  ["missing values and min_samples_leaf", { minSamplesLeaf: 15 }, someMissing, 2],
  ["missing values that tell the label", { minSamplesSplit: 30 }, tellingMissing, 2],
  ["three classes", { minSamplesSplit: 40, maxDepth: 5 }, someMissing, 3],
];
const seeds = [1, 2, 3, 4];

for (const [what, params, change, classes] of cases)
  test.serial(
    `where nothing is drawn at random, a tree is scikit-learn's, node by node, ties aside: ${what}`,
    async (t) => {
      const tasks = seeds.map(
        (seed): PeerTask => ({
          params,
          train: floatRows(250, seed, classes, change),
          test: floatRows(1000, seed + 50, classes, someMissing),
        }),
      );
      const peers = await peerTrees(tasks);
      for (const [i, { train, test: later }] of tasks.entries()) {
        const all = { ...params, nEstimators: 1, bootstrap: false, maxFeatures: null };
        const ours = await new RandomForestClassifier(all).fit(train.columns, train.labels);
        const theirs = peers[i]!;
        const { alike, tied } = compareTrees(ours.trees[0]!, theirs, train);
        t.log(`${alike} nodes alike, ${tied} split by another of equally good ones`);
        t.true(alike >= 10 && tied <= 1);
        if (tied > 0) continue;
        t.deepEqual([...ours.trees[0]!.left], theirs.left);
        ours.predictProba(later.columns).forEach((probability, at) => {
          t.true(Math.abs(probability - theirs.probabilities[at]!) <= 2 ** -32);
        });
      }
    },
  );

const gaps: Change = (value, row, feature) => ((row * 7919 + feature * 104729) % 97 < 10 ? Number.NaN : value);

const forests: readonly [string, Partial<ForestParams>, Change][] = [
  ["max_depth 10", { maxDepth: 10 }, same],
  ["min_samples_leaf 50", { minSamplesLeaf: 50 }, same],
  ["a tenth of the values missing", { maxDepth: 10 }, gaps],
];

for (const [what, params, change] of forests)
  test.serial(`on the sample, ROC AUC and accuracy are within 0.005 of scikit-learn's forest: ${what}`, async (t) => {
    const split = await sampleSplit();
    const changed = ({ columns, labels }: LabelledRows): LabelledRows => ({
      columns: columns.map((column, feature) => column.map((value, row) => change(value, row, feature))),
      labels,
    });
    const [train, later] = [changed(split.train), changed(split.test)];
    t.deepEqual([train.labels.length, later.labels.length], [188_560, 47_140]);
    const ours = await new RandomForestClassifier(params).fit(train.columns, train.labels);
    const theirs = await peerForest({ params, train, test: later });
    const auc = rocAuc(ours, later);
    const right = ours.predict(later.columns).filter((label, row) => label === later.labels[row]).length;
    const accuracy = right / later.labels.length;
    t.log(`ROC AUC ${auc.toFixed(4)}, scikit-learn ${theirs.rocAuc.toFixed(4)}`);
    t.log(`accuracy ${accuracy.toFixed(4)}, scikit-learn ${theirs.accuracy.toFixed(4)}`);
    t.true(Math.abs(auc - theirs.rocAuc) < 0.005);
    t.true(Math.abs(accuracy - theirs.accuracy) < 0.005);
  });
