import test from "ava";
import fc from "fast-check";
import type { Answers } from "../answers.ts";
import type { Tree } from "../forest/tree.ts";
import { type ExportableForest, exportForest } from "./export-forest.ts";
import { OnnxModel } from "./onnx-model.ts";
import { verifyAnswers } from "./verify-onnx.ts";

const featureCount = 3;
const anyMissing = [true, true, true];
const unit = 2 ** 32;
// thresholds and features share a few values, so that rows often lie on a threshold
const featureValue = fc.constantFrom(-1.5, 0, 0.1, 0.30000000000000004, 0.3, 16777217, 1e300, Number.NaN);
const threshold = fc.constantFrom(-1.5, 0, 0.1, 0.3, 16777217);

/** A tree as nested values: a leaf's shares in units of 2^-32, or a split. */
type Nested = { shares: number[] } | { feature: number; threshold: number; missingLeft: number; children: Nested[] };

function nestedTree(classCount: number) {
  const leaf = fc
    .array(fc.constantFrom(0, unit / 4, unit / 3, 1), { minLength: classCount - 1, maxLength: classCount - 1 })
    .map((shares) => {
      const scaled = shares.map((share) => Math.floor(share / (classCount - 1)));
      return { shares: [...scaled, unit - scaled.reduce((sum, share) => sum + share, 0)] };
    });
  return fc.letrec<{ tree: Nested }>((tie) => ({
    tree: fc.oneof(
      { depthSize: "medium", withCrossShrink: true },
      leaf,
      fc.record({
        feature: fc.nat(featureCount - 1),
        threshold,
        missingLeft: fc.nat(1),
        children: fc.tuple(tie("tree"), tie("tree")),
      }),
    ),
  })).tree;
}

function flatten(nested: Nested): Tree {
  const [feature, thresholds, left, right, missingLeft]: number[][] = [[], [], [], [], []];
  const value: number[] = [];
  const add = (node: Nested): number => {
    const index = feature!.push(-1) - 1;
    thresholds![index] = 0;
    left![index] = -1;
    right![index] = -1;
    missingLeft![index] = 0;
    const shares = "shares" in node ? node.shares : leaves(node)[0]!;
    value.push(...shares.map((share) => share / unit));
    if ("shares" in node) return index;
    feature![index] = node.feature;
    thresholds![index] = node.threshold;
    missingLeft![index] = node.missingLeft;
    left![index] = add(node.children[0]!);
    right![index] = add(node.children[1]!);
    return index;
  };
  add(nested);
  return {
    feature: Int32Array.from(feature!),
    threshold: Float64Array.from(thresholds!),
    left: Int32Array.from(left!),
    right: Int32Array.from(right!),
    missingLeft: Uint8Array.from(missingLeft!),
    value: Float64Array.from(value),
  };
}

function leaves(node: Nested): number[][] {
  return "shares" in node ? [node.shares] : node.children.flatMap(leaves);
}

/** The forest's answers by the definition: mean of the leaves' shares, first class of highest probability. */
function answer({ trees, classes }: ExportableForest, rows: readonly (readonly number[])[]): Answers {
  const probabilities = rows.flatMap((row) =>
    classes.map((_, index) => {
      const shares = trees.map((tree) => {
        let node = 0;
        while (tree.feature[node]! >= 0) {
          const x = row[tree.feature[node]!]!;
          const goesLeft = Number.isNaN(x) ? tree.missingLeft[node] === 1 : x <= tree.threshold[node]!;
          node = goesLeft ? tree.left[node]! : tree.right[node]!;
        }
        return tree.value[node * classes.length + index]!;
      });
      return shares.reduce((sum, share) => sum + share, 0) / trees.length;
    }),
  );
  const predictions = rows.map((_, row) => {
    const own = probabilities.slice(row * classes.length, (row + 1) * classes.length);
    return classes[own.indexOf(Math.max(...own))]!;
  });
  return { predictions: Float64Array.from(predictions), probabilities: Float64Array.from(probabilities) };
}

const forests = fc.uniqueArray(fc.integer({ min: -5, max: 1000 }), { minLength: 2, maxLength: 4 }).chain((classes) =>
  fc.record({
    classes: fc.constant(classes),
    trees: fc.array(nestedTree(classes.length).map(flatten), { minLength: 1, maxLength: 7 }),
  }),
);
const someRows = fc.array(fc.array(featureValue, { minLength: featureCount, maxLength: featureCount }), {
  minLength: 1,
  maxLength: 20,
});

const stump: Tree = flatten({
  feature: 1,
  threshold: 0.5,
  missingLeft: 0,
  children: [{ shares: [unit, 0] }, { shares: [0, unit] }],
});

test("ONNX Runtime answers bit for bit as the forest: thresholds, ties and missing values included", async (t) => {
  await fc.assert(
    fc.asyncProperty(forests, someRows, async (forest, rows) => {
      const columns = Array.from({ length: featureCount }, (_, f) => Float64Array.from(rows, (row) => row[f]!));
      const model = await OnnxModel.load(exportForest(forest, anyMissing), forest.classes);
      const answers = await model.predict(columns);
      await model.release();
      t.deepEqual(answers, answer(forest, rows));
    }),
    { numRuns: 150 },
  );
});

test("the same forest gives the same bytes", (t) => {
  const forest = { trees: [stump, stump], classes: [0, 1] };
  t.deepEqual(exportForest(forest, anyMissing), exportForest(forest, anyMissing));
});

test("a missing value goes right where its column was said to have none", async (t) => {
  const left = { ...stump, missingLeft: Uint8Array.of(1, 0, 0) };
  const answers = await Promise.all(
    [true, false].map(async (mayBeMissing) => {
      const onnx = exportForest({ trees: [left], classes: [0, 1] }, [false, mayBeMissing, false]);
      const model = await OnnxModel.load(onnx, [0, 1]);
      const { predictions } = await model.predict([0, Number.NaN, 0].map((value) => Float64Array.of(value)));
      await model.release();
      return predictions[0];
    }),
  );
  t.deepEqual(answers, [0, 1]);
});

test("more rows than one run takes are answered in order", async (t) => {
  const rows = 25_001;
  const columns = [0, 1, 2].map((f) => Float64Array.from({ length: rows }, (_, row) => (f === 1 ? row % 2 : 0)));
  const model = await OnnxModel.load(exportForest({ trees: [stump], classes: [3, 8] }, anyMissing), [3, 8]);
  const { predictions } = await model.predict(columns);
  t.true(predictions.every((label, row) => label === (row % 2 === 0 ? 3 : 8)));
  await t.throwsAsync(() => model.predict(columns, AbortSignal.abort(new Error("enough"))), { message: "enough" });
  await model.release();
});

const refused = test.macro({
  exec(t, forest: ExportableForest, count: number, message: RegExp) {
    t.throws(() => exportForest(forest, anyMissing.slice(0, count)), { instanceOf: RangeError, message });
  },
  title: (name) => `refuses ${name}`,
});
test("a forest without trees", refused, { trees: [], classes: [0, 1] }, 3, /trained forest/);
test("one class", refused, { trees: [stump], classes: [1] }, 3, /two classes, got 1: \[1\]/);
test("labels that aren't integers", refused, { trees: [stump], classes: [0, 0.5] }, 3, /integers.*got 0\.5/);
test("values that don't fit the classes", refused, { trees: [stump], classes: [0, 1, 2] }, 3, /tree 0: expected 3/);
test(
  "a column out of range",
  refused,
  { trees: [stump], classes: [0, 1] },
  1,
  /tree 0: expected columns below 1, got 1/,
);

const good: Answers = { predictions: Float64Array.of(0, 1), probabilities: Float64Array.of(0.75, 0.25, 0.5, 0.5) };
const disagreement = test.macro({
  exec(t, onnx: Answers, message: RegExp) {
    t.throws(() => verifyAnswers(onnx, good, [0, 1], [Float64Array.of(7, 8), Float64Array.of(9, 10)]), { message });
  },
  title: (name) => `a difference is an error with row and values: ${name}`,
});
test(
  "label",
  disagreement,
  { ...good, predictions: Float64Array.of(0, 0) },
  /row 1 of 2: expected label 1, got 0; features \[8, 10\]/,
);
test(
  "probability",
  disagreement,
  { ...good, probabilities: Float64Array.of(0.75, 0.250002, 0.5, 0.5) },
  /row 0 of 2: expected probability of class 1 0\.25, got 0\.250002; features \[7, 9\]/,
);
test("NaN", disagreement, { ...good, probabilities: Float64Array.of(0.75, Number.NaN, 0.5, 0.5) }, /got NaN/);
test("count", disagreement, { ...good, predictions: Float64Array.of(0) }, /expected 2 answers of ONNX Runtime, got 1/);

test("answers within the tolerance pass", (t) => {
  const near = { ...good, probabilities: Float64Array.of(0.75 + 9e-7, 0.25 - 9e-7, 0.5, 0.5) };
  t.notThrows(() => verifyAnswers(near, good, [0, 1], [Float64Array.of(7, 8)]));
});
