import test from "ava";
import { type ForestParams, forestParams, treeLimits } from "./forest-params.ts";

const refused: readonly [unknown, RegExp][] = [
  [{ nEstimators: 0 }, /'nEstimators' parameter .* must be an int in the range \[1, inf\)\. Got 0 instead/],
  [{ nEstimators: 1.5 }, /nEstimators.*Got 1\.5/],
  [{ criterion: "entropy" }, /'criterion' parameter .* must be "gini"\. Got "entropy"/],
  [{ maxDepth: 0 }, /'maxDepth' .* must be an int in the range \[1, inf\) or null\. Got 0/],
  [{ minSamplesSplit: 1 }, /minSamplesSplit.*\[2, inf\)/],
  [{ minSamplesLeaf: 0.1 }, /minSamplesLeaf.*Got 0\.1/],
  [{ maxFeatures: "auto" }, /maxFeatures.*"sqrt" or "log2" or null\. Got "auto"/],
  [{ maxFeatures: 0 }, /maxFeatures.*Got 0/],
  [{ bootstrap: 1 }, /bootstrap.*must be true or false\. Got 1/],
  [{ randomState: -1 }, /randomState.*\[0, 4294967295\]/],
  [{ treeLearner: "exact" }, /treeLearner.*"histogram" or "cart"/],
  [{ maxBins: 256 }, /maxBins.*\[2, 255\]/],
  [{ n_estimators: 10 }, /no parameter 'n_estimators': it has nEstimators/],
  [{ treeLearner: "cart", minSamplesLeaf: 2 }, /must be 1 for treeLearner 'cart'/],
];

for (const [params, message] of refused)
  test(`refuses ${JSON.stringify(params)}`, (t) => {
    t.throws(() => forestParams(params as Partial<ForestParams>), { instanceOf: RangeError, message });
  });

test("what isn't given has scikit-learn's defaults, undefined too", (t) => {
  const { nEstimators, maxDepth, maxFeatures, minSamplesLeaf, minSamplesSplit, bootstrap } = forestParams({
    nEstimators: undefined,
  } as unknown as Partial<ForestParams>);
  t.deepEqual(
    { nEstimators, maxDepth, maxFeatures, minSamplesLeaf, minSamplesSplit, bootstrap },
    { nEstimators: 100, maxDepth: null, maxFeatures: "sqrt", minSamplesLeaf: 1, minSamplesSplit: 2, bootstrap: true },
  );
});

const drawn: readonly [ForestParams["maxFeatures"], number, number][] = [
  ["sqrt", 6, 2],
  ["sqrt", 1, 1],
  ["log2", 9, 3],
  ["log2", 1, 1],
  [null, 6, 6],
  [3, 6, 3],
  [9, 6, 6],
  [1, 6, 1],
  [0.5, 5, 2],
  [0.01, 5, 1],
];

for (const [maxFeatures, features, expected] of drawn)
  test(`maxFeatures ${maxFeatures} of ${features} features is ${expected}`, (t) => {
    t.is(treeLimits(forestParams({ maxFeatures }), features).maxFeatures, expected);
  });
