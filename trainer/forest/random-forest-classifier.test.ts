import test from "ava";
import type { ForestParams } from "./forest-params.ts";
import { RandomForestClassifier } from "./random-forest-classifier.ts";
import { noisyRows } from "./test-rows.ts";
import { rocAuc, sampleSplit } from "./test-sample.ts";

const one = { nEstimators: 1, bootstrap: false, maxFeatures: null } as const;
const train = (params: Partial<ForestParams>, columns: readonly number[][], labels: number[]) =>
  new RandomForestClassifier(params).fit(
    columns.map((column) => Float64Array.from(column)),
    labels,
  );

test("thresholds are halfway between the values they part", async (t) => {
  const { trees } = await train(one, [[1, 2, 10, 20]], [0, 0, 1, 1]);
  const { feature, threshold, left, right, value } = trees[0]!;
  t.deepEqual([...feature], [0, -1, -1]);
  t.is(threshold[0], 6);
  t.deepEqual([left[0], right[0]], [1, 2]);
  t.deepEqual([...value], [0.5, 0.5, 1, 0, 0, 1]);
});

test("neighbouring doubles are parted", async (t) => {
  const next = 1 + Number.EPSILON;
  const forest = await train(one, [[1, next]], [0, 1]);
  t.deepEqual([...forest.predict([Float64Array.of(1, next)])], [0, 1]);
});

test("a split that gains nothing is taken where it leads to one that does", async (t) => {
  const forest = await train(
    one,
    [
      [0, 0, 1, 1],
      [0, 1, 0, 1],
    ],
    [0, 1, 1, 0],
  );
  t.deepEqual([...forest.predict([Float64Array.of(0, 0, 1, 1), Float64Array.of(0, 1, 0, 1)])], [0, 1, 1, 0]);
});

test("the draw of features goes on until one of them varies", async (t) => {
  const constant = new Array(6).fill(4);
  const forest = await train(
    { ...one, maxFeatures: 1, nEstimators: 30 },
    [constant, constant, constant, [1, 2, 3, 4, 5, 6]],
    [0, 0, 0, 1, 1, 1],
  );
  for (const { feature } of forest.trees) t.is(feature[0], 3);
});

test("a constant feature counts as drawn", async (t) => {
  const constant = new Array(4).fill(4);
  const params = { ...one, maxFeatures: 2, nEstimators: 400, maxDepth: 1 };
  const forest = await train(params, [constant, [1, 2, 3, 4], [1, 3, 2, 4]], [0, 0, 1, 1]);
  const second = forest.trees.filter(({ feature }) => feature[0] === 2).length;
  // Feature 2 splits worse than feature 1: it is chosen only where the other drawn one is the constant, a third of the draws.
  t.true(second > 400 / 3 - 50 && second < 400 / 3 + 50, `${second} of 400`);
});

test("missing values go to the side that is like them", async (t) => {
  const values = [1, 2, 3, 4, Number.NaN, Number.NaN];
  const right = await train(one, [values], [0, 0, 1, 1, 1, 1]);
  t.deepEqual([right.trees[0]!.missingLeft[0], right.trees[0]!.feature.length], [0, 3]);
  const left = await train(one, [values], [0, 0, 1, 1, 0, 0]);
  t.deepEqual([left.trees[0]!.missingLeft[0], left.trees[0]!.feature.length], [1, 3]);
  t.deepEqual([...left.predict([Float64Array.of(Number.NaN, 5)])], [0, 1]);
});

test("missing values are parted from all others where that is best", async (t) => {
  const forest = await train(one, [[1, 2, 3, Number.NaN, Number.NaN]], [0, 0, 0, 1, 1]);
  t.is(forest.trees[0]!.feature.length, 3);
  t.deepEqual([...forest.predict([Float64Array.of(-1e300, 1e300, Number.NaN)])], [0, 0, 1]);
});

test("missing values that training had none of go to the heavier side", async (t) => {
  const heavyLeft = await train(one, [[1, 2, 3, 9]], [0, 0, 0, 1]);
  t.deepEqual([...heavyLeft.predict([Float64Array.of(Number.NaN)])], [0]);
  const heavyRight = await train(one, [[1, 7, 8, 9]], [0, 1, 1, 1]);
  t.deepEqual([...heavyRight.predict([Float64Array.of(Number.NaN)])], [1]);
  const even = await train(one, [[1, 2, 8, 9]], [0, 0, 1, 1]);
  t.deepEqual([...even.predict([Float64Array.of(Number.NaN)])], [1]);
});

test("the label of a tie is the first class", async (t) => {
  const forest = await train(one, [[1, 1]], [5, 3]);
  t.deepEqual([...forest.predictProba([Float64Array.of(1)])], [0.5, 0.5]);
  t.deepEqual([...forest.predict([Float64Array.of(1)])], [3]);
});

test("one class and one row are enough", async (t) => {
  const forest = await train({ nEstimators: 3 }, [[1], [2]], [4]);
  t.deepEqual(forest.classes, [4]);
  t.deepEqual([...forest.predictProba([Float64Array.of(9), Float64Array.of(9)])], [1]);
});

for (const treeLearner of ["histogram", "cart"] as const) {
  const params = { nEstimators: 9, treeLearner, maxDepth: 4, randomState: 5 };
  test(`${treeLearner}: worker threads grow the same forest as this thread`, async (t) => {
    const { columns, labels } = noisyRows(150, 3, 1);
    const here = await new RandomForestClassifier(params).fit(columns, labels, { workers: 0 });
    for (const workers of [1, 3]) {
      const progress: string[] = [];
      const onTree = (done: number, total: number) => progress.push(`${done}/${total}`);
      const there = await new RandomForestClassifier(params).fit(columns, labels, { workers, onTree });
      t.deepEqual(there.trees, here.trees);
      t.deepEqual(
        progress,
        Array.from({ length: 9 }, (_, i) => `${i + 1}/9`),
      );
    }
  });

  for (const workers of [0, 2])
    test(`${treeLearner}: an abort ends the training with its reason, ${workers} workers`, async (t) => {
      const { columns, labels } = noisyRows(150, 3, 1);
      const controller = new AbortController();
      const reason = new Error("enough");
      const onTree = (done: number) => done === 2 && controller.abort(reason);
      const forest = new RandomForestClassifier({ ...params, nEstimators: 5000 });
      const error = await t.throwsAsync(forest.fit(columns, labels, { workers, onTree, signal: controller.signal }));
      t.is(error, reason);
      t.throws(() => forest.predict(columns), { message: /not fitted yet/ });
    });
}

test("a signal that is aborted already trains nothing", async (t) => {
  const signal = AbortSignal.abort(new Error("before"));
  const onTree = () => t.fail();
  const { columns, labels } = noisyRows(20, 2, 1);
  await t.throwsAsync(new RandomForestClassifier().fit(columns, labels, { signal, onTree }), { message: "before" });
});

test("an error in onTree ends the training", async (t) => {
  const { columns, labels } = noisyRows(100, 2, 1);
  const onTree = () => {
    throw new Error("the terminal is gone");
  };
  for (const workers of [0, 1])
    await t.throwsAsync(new RandomForestClassifier().fit(columns, labels, { workers, onTree }), {
      message: /terminal/,
    });
});

const unfit: readonly [string, Partial<ForestParams>, number[][], number[], RegExp][] = [
  ["no features", {}, [], [], /at least one feature/],
  ["no rows", {}, [[]], [], /at least one row/],
  [
    "columns of other lengths",
    {},
    [[1, 2], [1]],
    [0, 1],
    /feature 1 must have as many values as there are rows \(2\), got 1/,
  ],
  [
    "infinite values",
    {},
    [[1, Number.POSITIVE_INFINITY]],
    [0, 1],
    /feature 0 must be finite or NaN .* got Infinity in row 1/,
  ],
  ["labels that aren't integers", {}, [[1, 2]], [0, 0.5], /labels must be integers, one a class: got 0\.5 in row 1/],
  ["missing labels", {}, [[1, 2]], [0, Number.NaN], /got NaN in row 1/],
  [
    "more classes than a label has",
    {},
    [Array.from({ length: 2000 }, (_, i) => i)],
    Array.from({ length: 2000 }, (_, i) => i),
    /at most 1024 classes/,
  ],
  [
    "more rows than ml-cart can take",
    { treeLearner: "cart" },
    [new Array(4001).fill(1)],
    new Array(4001).fill(1),
    /at most 4000 rows, got 4001: ml-cart tries each split/,
  ],
  [
    "missing values for ml-cart",
    { treeLearner: "cart" },
    [[1, Number.NaN]],
    [0, 1],
    /no missing values: feature 0 has one in row 1/,
  ],
];

for (const [what, params, columns, labels, message] of unfit)
  test(`refuses ${what}`, async (t) => {
    await t.throwsAsync(train(params, columns, labels), { instanceOf: RangeError, message });
  });

test("refuses to predict from other features than it was fitted on", async (t) => {
  const forest = await train(
    one,
    [
      [1, 2],
      [1, 2],
    ],
    [0, 1],
  );
  t.throws(() => forest.predict([Float64Array.of(1)]), { message: /expected 2 features, as in training, got 1/ });
  t.throws(() => forest.predict([Float64Array.of(1), Float64Array.of()]), { message: /feature 1 must have as many/ });
});

test("refuses to load what isn't a forest", async (t) => {
  const json = JSON.parse(JSON.stringify(await train(one, [[1, 2]], [0, 1])));
  t.throws(() => RandomForestClassifier.load({ ...json, name: "DTClassifier" }), { message: /"DTClassifier"/ });
  const backwards = { ...json, trees: [{ ...json.trees[0], left: [0, -1, -1] }] };
  t.throws(() => RandomForestClassifier.load(backwards), { message: /node 0 of tree 0 must ask/ });
  const short = { ...json, trees: [{ ...json.trees[0], value: [1] }] };
  t.throws(() => RandomForestClassifier.load(short), { message: /tree 0 must have one entry a node/ });
});

test("on the sample's purchases its ROC AUC on later months is above 0.82", async (t) => {
  const { train, test: later } = await sampleSplit();
  const forest = new RandomForestClassifier({ nEstimators: 20, maxDepth: 10 });
  t.true(rocAuc(await forest.fit(train.columns, train.labels), later) > 0.82);
});
