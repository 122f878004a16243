import test from "ava";
import fc from "fast-check";
import type { Predictions } from "../features/feature-rows.ts";
import { compare, differenceBounds } from "./compare.ts";

const fit = { task: "classification", columns: [] } as const;
const regression = { task: "regression", columns: [] } as const;

/** Of two classes: the label is the likelier one. */
function classified(positive: readonly number[]): Predictions {
  return {
    values: Float64Array.from(positive, (p) => (p > 0.5 ? 1 : 0)),
    probabilities: Float64Array.from(positive.flatMap((p) => [1 - p, p])),
    classes: 2,
  };
}

function numbers(values: readonly number[]): Predictions {
  return { values: Float64Array.from(values), probabilities: new Float64Array(), classes: 0 };
}

/** Rows by the bound that their difference reaches up to. */
function byBound(counts: Float64Array): Record<string, number> {
  return Object.fromEntries([...counts].flatMap((rows, at) => (rows ? [[String(differenceBounds[at]), rows]] : [])));
}

test("classifiers differ by their labels, and by the largest difference of a row's probabilities", (t) => {
  const { rows, disagreements, counts, sum } = compare(classified([0.1, 0.4, 0.75]), classified([0.1, 0.7, 0.25]), fit);
  t.deepEqual([rows, disagreements, byBound(counts)], [3, 2, { "0.000001": 1, "0.5": 2 }]);
  t.true(Math.abs(sum - 0.8) < 1e-12);
});

test("classes in another order are compared with their own", (t) => {
  const turned = { ...classified([0.9, 0.2]), values: Float64Array.of(1, 0) };
  const main = { ...classified([0.1, 0.8]), values: Float64Array.of(1, 0) };
  t.like(compare(main, turned, { ...fit, classes: [1, 0] }), { disagreements: 0 });
  t.true(compare(main, turned, { ...fit, classes: [1, 0] }).sum < 1e-12);
  t.true(compare(main, turned, fit).sum > 1);
});

test("labels may be texts", (t) => {
  const labels = (values: string[]) => ({ values, probabilities: new Float64Array(), classes: 0 });
  const { disagreements, counts } = compare(labels(["a", "b"]), labels(["a", "c"]), fit);
  t.deepEqual([disagreements, byBound(counts)], [1, {}]);
});

test("regressors differ by their values; where one has no number there is no difference to add", (t) => {
  const { rows, disagreements, counts, sum } = compare(
    numbers([1, 2, Number.NaN, Number.NaN, 1e6]),
    numbers([1, 2.5, Number.NaN, 3, 0]),
    regression,
  );
  t.deepEqual([rows, disagreements, sum], [5, 1, 1e6 + 0.5]);
  t.deepEqual([...counts], [2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 2]);
});

test("another number of probabilities is an error", (t) => {
  const three = { values: Float64Array.of(0), probabilities: Float64Array.of(1, 0, 0), classes: 3 };
  t.throws(() => compare(classified([0.5]), three, fit), { message: /expected probabilities of 2 classes.*got 3/ });
});

test("a model never differs from itself, and of two it is the same which is the shadow", (t) => {
  const rows = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(rows, rows, (a, b) => {
      const size = Math.min(a.length, b.length);
      const [one, other] = [classified(a.slice(0, size)), classified(b.slice(0, size))];
      t.like(compare(one, one, fit), { disagreements: 0, sum: 0 });
      t.deepEqual(compare(one, other, fit), compare(other, one, fit));
      t.is(
        compare(one, other, fit).counts.reduce((sum, count) => sum + count),
        size,
      );
    }),
  );
});
