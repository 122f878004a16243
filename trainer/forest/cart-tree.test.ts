import test from "ava";
import { DecisionTreeClassifier } from "ml-cart";
import { RandomForestClassifier } from "./random-forest-classifier.ts";
import { noisyRows } from "./test-rows.ts";

// Nodes of fewer rows often have several best splits, of which the learners may take different ones.
const params = { nEstimators: 1, bootstrap: false, maxFeatures: null, minSamplesSplit: 30, maxDepth: 5 } as const;

for (let seed = 0; seed < 12; seed++)
  test(`with a bin for each value, the histogram learner grows ml-cart's tree: rows ${seed}`, async (t) => {
    const { columns, labels } = noisyRows(200, 3, seed);
    const unseen = noisyRows(2000, 3, seed + 100).columns;
    const histogram = await new RandomForestClassifier(params).fit(columns, labels);
    const cart = await new RandomForestClassifier({ ...params, treeLearner: "cart" }).fit(columns, labels);
    t.true(cart.trees[0]!.feature.length > 5);
    t.deepEqual(histogram.trees[0]!.feature, cart.trees[0]!.feature);
    t.deepEqual(histogram.trees[0]!.value, cart.trees[0]!.value);
    t.deepEqual(histogram.predictProba(unseen), cart.predictProba(unseen));
  });

test("the converted tree answers what ml-cart's own does, also for values on a threshold", async (t) => {
  const columns = [Float64Array.of(1, 3, 5, 7, 9, 11, 4, 4), Float64Array.of(0, 0, 1, 1, 0, 2, 3, 3)];
  const labels = [0, 0, 1, 2, 2, 1, 0, 1];
  const cart = new DecisionTreeClassifier({ minNumSamples: 1, gainThreshold: -1 });
  cart.train(
    labels.map((_, row) => columns.map((column) => column[row]!)),
    labels,
  );
  const ours = await new RandomForestClassifier({
    nEstimators: 1,
    bootstrap: false,
    maxFeatures: null,
    treeLearner: "cart",
  }).fit(columns, labels);
  const asked: number[][] = [];
  for (let x = 0; x <= 12; x += 0.5) for (let y = 0; y <= 4; y += 0.5) asked.push([x, y]);
  const predicted = ours.predict([0, 1].map((i) => Float64Array.from(asked, (row) => row[i]!)));
  t.deepEqual([...predicted], cart.predict(asked));
});

test("a forest of ml-cart's trees draws features once a tree", async (t) => {
  const { columns, labels } = noisyRows(120, 4, 3);
  const forest = await new RandomForestClassifier({ nEstimators: 12, treeLearner: "cart", maxFeatures: 2 }).fit(
    columns,
    labels,
  );
  const used = forest.trees.map(({ feature }) => new Set(feature.filter((index) => index >= 0)));
  for (const features of used) t.true(features.size <= 2);
  t.true(new Set(used.map((features) => [...features].sort().join())).size > 2);
});
