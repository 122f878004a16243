import test from "ava";
import fc from "fast-check";
import type { FeatureBaseline } from "../../mlflow/model-folder.ts";
import { enoughRows, FeatureDrift } from "./feature-drift.ts";

/** Of 0, 1, …, 99 in equal parts, unless told otherwise. */
function baseline(name: string, overrides: Partial<FeatureBaseline> = {}): FeatureBaseline {
  const edges = [9, 19, 29, 39, 49, 59, 69, 79, 89];
  const statistics = { count: 100, missing: 0, mean: 49.5, std: 28.9, min: 0, max: 99 };
  return { name, ...statistics, edges, counts: new Array(10).fill(10), ...overrides };
}

/** Rows of one feature that takes 0, 1, …, 99 in turn, moved by `shift`. */
function rows(count: number, shift = 0) {
  return { count, values: Float64Array.from({ length: count }, (_, row) => (row % 100) + shift) };
}

test("rows as in training have no index at first, then 0", (t) => {
  const drift = new FeatureDrift(["a"], [baseline("a")]);
  drift.add(rows(enoughRows - 100));
  t.deepEqual(drift.psi(), new Map());
  t.deepEqual(drift.missingRatio(), new Map());
  drift.add(rows(100));
  t.deepEqual(drift.psi(), new Map([["a", 0]]));
  t.deepEqual(drift.missingRatio(), new Map([["a", 0]]));
});

test("the further the rows move, the greater the index", (t) => {
  const psi = (shift: number) => {
    const drift = new FeatureDrift(["a"], [baseline("a")]);
    drift.add(rows(enoughRows, shift));
    return drift.psi().get("a")!;
  };
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 150 }), fc.integer({ min: 0, max: 150 }), (one, other) => {
      const [near, far] = [psi(Math.min(one, other)), psi(Math.max(one, other))];
      t.true(near <= far + 1e-12);
      t.true(Math.abs(psi(-one) - psi(one)) < 1e-9);
    }),
    { numRuns: 30 },
  );
  // Rows of the lowest bin come up into the next, and those of the highest have none above: 0.2 there, 0.0001 below.
  const moved = (0.0001 - 0.1) * Math.log(0.001) + (0.2 - 0.1) * Math.log(2);
  t.true(Math.abs(psi(10) - moved) < 1e-12);
});

test("missing values are told apart from the index, which needs values", (t) => {
  const drift = new FeatureDrift(["a"], [baseline("a")]);
  drift.add(rows(enoughRows - 100));
  drift.add({ count: 300, values: new Float64Array(300).fill(Number.NaN) });
  t.deepEqual(drift.psi(), new Map());
  t.deepEqual(drift.missingRatio(), new Map([["a", 0.25]]));
  drift.add(rows(100));
  t.deepEqual(drift.psi(), new Map([["a", 0]]));
});

test("a feature is found in the baseline by its name; one that isn't there, or fills one bin, has no index", (t) => {
  const one = baseline("constant", { edges: [], counts: [100] });
  const none = baseline("empty", { count: 0, edges: [], counts: [0] });
  const drift = new FeatureDrift(["constant", "new", "a", "empty"], [baseline("a"), one, none, baseline("gone")]);
  t.deepEqual(drift.unmeasured, ["constant", "new", "empty"]);
  const { values } = rows(enoughRows);
  drift.add({ count: enoughRows, values: Float64Array.from([...values].flatMap((value) => [1, 2, value, 3])) });
  t.deepEqual(drift.psi(), new Map([["a", 0]]));
  t.deepEqual([...drift.missingRatio().keys()], ["constant", "new", "a", "empty"]);
});
