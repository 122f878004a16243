import test from "ava";
import fc from "fast-check";
import { populationStabilityIndex } from "./psi.ts";

// (0.25 − 0.5) · ln(0.25 / 0.5) + (0.75 − 0.5) · ln(0.75 / 0.5) = 0.25 · ln 2 + 0.25 · ln 1.5 = 0.25 · ln 3
// (0.2 − 0.25) · ln(0.8) + (0.3 − 0.25) · ln(1.2), twice = 0.1 · ln 1.5
// an empty bin counts as 0.0001: (0.0001 − 0.5) · ln(0.0002) + (1 − 0.5) · ln 2
for (const [title, expected, actual, index] of [
  ["two bins", [50, 50], [1, 3], 0.274653072167],
  ["four bins", [25, 25, 25, 25], [20, 30, 30, 20], 0.0405465108108],
  ["a bin that emptied", [10, 10], [0, 7], 4.604318466669],
  ["a bin that was empty", [0, 7], [10, 10], 4.604318466669],
  ["the same shares", [1, 2, 3], [10, 20, 30], 0],
  ["a bin that is empty on both sides", [5, 0, 5], [9, 0, 9], 0],
] as const)
  test(`the index of ${title} is the one computed by hand`, (t) => {
    t.true(Math.abs(populationStabilityIndex(expected, actual) - index) < 1e-11);
  });

const counts = fc.array(fc.tuple(fc.nat(1000), fc.nat(1000)), { minLength: 1, maxLength: 12 }).filter(hasBoth);

function hasBoth(bins: readonly (readonly [number, number])[]): boolean {
  return bins.some(([before]) => before > 0) && bins.some(([, after]) => after > 0);
}

test("the index is never negative, the same in both directions, and 0 for equal shares", (t) => {
  fc.assert(
    fc.property(counts, fc.integer({ min: 1, max: 50 }), (bins, times) => {
      const before = bins.map(([count]) => count);
      const after = bins.map(([, count]) => count);
      const index = populationStabilityIndex(before, after);
      t.true(index >= 0 && Number.isFinite(index));
      t.true(Math.abs(index - populationStabilityIndex(after, before)) < 1e-9);
      t.true(
        populationStabilityIndex(
          before,
          before.map((count) => count * times),
        ) < 1e-12,
      );
    }),
  );
});

test("the index grows with the share of rows that come from another distribution", (t) => {
  fc.assert(
    fc.property(counts, fc.nat(100), fc.nat(100), (bins, ...shares) => {
      const [few, many] = shares.sort((a, b) => a - b) as [number, number];
      const totals = [0, 1].map((side) => bins.reduce((sum, bin) => sum + bin[side]!, 0)) as [number, number];
      const mixed = (percent: number) =>
        bins.map(([from, to]) => ((100 - percent) * from) / totals[0] + (percent * to) / totals[1]);
      const before = bins.map(([count]) => count);
      t.true(populationStabilityIndex(before, mixed(few)) <= populationStabilityIndex(before, mixed(many)) + 1e-12);
    }),
  );
});

test("other bins, or none that hold rows, are refused", (t) => {
  t.throws(() => populationStabilityIndex([1, 2], [1]), {
    message: "expected 2 bins on both sides, got 1 actual ones",
  });
  t.throws(() => populationStabilityIndex([1, 2], [0, 0]), {
    message: "expected rows on both sides, got 3 expected and 0 actual ones",
  });
});
