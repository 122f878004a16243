import test from "ava";
import fc from "fast-check";
import { RandomForestClassifier } from "./random-forest-classifier.ts";
import { arbitraryRows } from "./test-rows.ts";
import type { Tree } from "./tree.ts";

const params = fc.record({
  nEstimators: fc.integer({ min: 1, max: 6 }),
  maxDepth: fc.option(fc.integer({ min: 1, max: 5 })),
  maxFeatures: fc.constantFrom("sqrt" as const, null, 1, 2),
  minSamplesLeaf: fc.integer({ min: 1, max: 6 }),
  minSamplesSplit: fc.integer({ min: 2, max: 10 }),
  bootstrap: fc.boolean(),
  randomState: fc.nat(),
  maxBins: fc.constantFrom(2, 7, 255),
});

/** The labels of the rows in each node, and its depth, by going down the tree by its documented rule. */
function descend(tree: Tree, columns: readonly Float64Array[], labels: readonly number[]) {
  const labelsIn = Array.from(tree.feature, (): number[] => []);
  const depth = new Array<number>(tree.feature.length).fill(0);
  for (const [row, label] of labels.entries()) {
    let node = 0;
    labelsIn[0]!.push(label);
    for (let level = 1; tree.feature[node]! >= 0; level++) {
      const x = columns[tree.feature[node]!]![row]!;
      const goesLeft = Number.isNaN(x) ? tree.missingLeft[node] === 1 : x <= tree.threshold[node]!;
      node = goesLeft ? tree.left[node]! : tree.right[node]!;
      depth[node] = level;
      labelsIn[node]!.push(label);
    }
  }
  return { labelsIn, depth };
}

test("the same seed, rows and parameters give the same forest, and JSON carries it", async (t) => {
  await fc.assert(
    fc.asyncProperty(arbitraryRows(), params, async ({ columns, labels }, given) => {
      const forest = await new RandomForestClassifier(given).fit(columns, labels);
      const again = await new RandomForestClassifier(given).fit(columns, labels);
      t.deepEqual(again.trees, forest.trees);
      const loaded = RandomForestClassifier.load(JSON.parse(JSON.stringify(forest)));
      t.deepEqual(loaded.trees, forest.trees);
      t.deepEqual(loaded.predictProba(columns), forest.predictProba(columns));
      t.deepEqual(loaded.params, forest.params);
    }),
    { numRuns: 60 },
  );
});

test("predictions are distributions, and labels their first maximum", async (t) => {
  await fc.assert(
    fc.asyncProperty(arbitraryRows(), arbitraryRows(), params, async ({ columns, labels }, other, given) => {
      const forest = await new RandomForestClassifier(given).fit(columns, labels);
      const asked = columns.map((_, i) => other.columns[i % other.columns.length]!);
      const probabilities = forest.predictProba(asked);
      const predicted = forest.predict(asked);
      const { classes } = forest;
      t.deepEqual(
        classes,
        [...new Set(labels)].sort((a, b) => a - b),
      );
      predicted.forEach((label, row) => {
        const shares = [...probabilities.subarray(row * classes.length, (row + 1) * classes.length)];
        t.true(shares.every((share) => share >= 0 && share <= 1));
        t.true(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 1e-12);
        t.is(label, classes[shares.indexOf(Math.max(...shares))]!);
      });
    }),
    { numRuns: 100 },
  );
});

test("without bootstrap, every node has the rows its limits ask for, and the shares of the rows that reach it", async (t) => {
  await fc.assert(
    fc.asyncProperty(arbitraryRows(), params, async ({ columns, labels }, given) => {
      const forest = await new RandomForestClassifier({ ...given, bootstrap: false }).fit(columns, labels);
      for (const tree of forest.trees) {
        const { labelsIn, depth } = descend(tree, columns, labels);
        labelsIn.forEach((inNode, node) => {
          t.true(node === 0 || inNode.length >= given.minSamplesLeaf);
          t.true(depth[node]! <= (given.maxDepth ?? Number.POSITIVE_INFINITY));
          if (tree.feature[node]! >= 0) t.true(inNode.length >= given.minSamplesSplit);
          forest.classes.forEach((label, k) => {
            const share = inNode.filter((other) => other === label).length / inNode.length;
            t.true(Math.abs(tree.value[node * forest.classes.length + k]! - share) <= 2 ** -32);
          });
        });
      }
    }),
    { numRuns: 200 },
  );
});

test("unlimited, and with a bin for each value, a tree tells all rows apart that differ", async (t) => {
  await fc.assert(
    fc.asyncProperty(arbitraryRows(), async ({ columns, labels }) => {
      const unlimited = { nEstimators: 2, bootstrap: false, maxFeatures: 1 };
      const predicted = (await new RandomForestClassifier(unlimited).fit(columns, labels)).predict(columns);
      const key = (row: number) => columns.map((column) => column[row]).join();
      const ofKey = new Map<string, Set<number>>();
      labels.forEach((label, row) => {
        ofKey.set(key(row), (ofKey.get(key(row)) ?? new Set()).add(label));
      });
      labels.forEach((label, row) => {
        if (ofKey.get(key(row))!.size === 1) t.is(predicted[row], label);
      });
    }),
    { numRuns: 100 },
  );
});

test("where all rows are learned from, a feature on another scale, or twice, leaves the training rows' predictions as they are", async (t) => {
  await fc.assert(
    fc.asyncProperty(arbitraryRows(), params, async ({ columns, labels }, others) => {
      const given = { ...others, bootstrap: false };
      const forest = await new RandomForestClassifier(given).fit(columns, labels);
      const scaled = columns.map((column) => column.map((value) => Math.exp(value / 3) - 5));
      const onScaled = await new RandomForestClassifier(given).fit(scaled, labels);
      t.deepEqual(onScaled.predictProba(scaled), forest.predictProba(columns));

      const all = { ...given, maxFeatures: null, nEstimators: 1 };
      const single = await new RandomForestClassifier(all).fit(columns.slice(0, 1), labels);
      const twice = [columns[0]!, columns[0]!];
      t.deepEqual(
        (await new RandomForestClassifier(all).fit(twice, labels)).predictProba(twice),
        single.predictProba(columns.slice(0, 1)),
      );
    }),
    { numRuns: 100 },
  );
});

test("rows repeated as a whole, and rows in another order, give the same tree where nothing is drawn", async (t) => {
  const drawn = { nEstimators: 1, bootstrap: false, maxFeatures: 1 };
  // Powers of two: gains are scaled without rounding, so those that are tied stay tied.
  await fc.assert(
    fc.asyncProperty(arbitraryRows(), fc.constantFrom(1, 2, 4), async ({ columns, labels }, times) => {
      const one = columns.slice(0, 1);
      const { trees } = await new RandomForestClassifier(drawn).fit(one, labels);
      const repeated = one.map((column) =>
        Float64Array.from({ length: column.length * times }, (_, i) => column[i % column.length]!),
      );
      const repeatedLabels = Array.from({ length: labels.length * times }, (_, i) => labels[i % labels.length]!);
      t.deepEqual((await new RandomForestClassifier(drawn).fit(repeated, repeatedLabels)).trees, trees);
      const reversed = one.map((column) => column.slice().reverse());
      t.deepEqual((await new RandomForestClassifier(drawn).fit(reversed, labels.toReversed())).trees, trees);
    }),
    { numRuns: 100 },
  );
});
