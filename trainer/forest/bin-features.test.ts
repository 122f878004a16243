import test from "ava";
import fc from "fast-check";
import { binFeature, findBins, missingBin } from "./bin-features.ts";

const cells = fc.array(fc.oneof(fc.integer({ min: -20, max: 20 }), fc.double({ noNaN: true }), fc.constant(NaN)), {
  minLength: 1,
  maxLength: 400,
});

test("a feature with no more distinct values than bins has a bin for each", (t) => {
  const { lowest, highest, bins } = binFeature(Float64Array.of(3, 1, 2, 2, 3), 3);
  t.deepEqual([...lowest], [1, 2, 3]);
  t.deepEqual([...highest], [1, 2, 3]);
  t.deepEqual([...bins], [2, 0, 1, 1, 2]);
});

test("bins are quantiles where there are more distinct values", (t) => {
  const { bins, lowest } = binFeature(
    Float64Array.from({ length: 1000 }, (_, i) => i ** 3),
    10,
  );
  t.is(lowest.length, 10);
  const counts = new Array(10).fill(0);
  for (const bin of bins) counts[bin]++;
  t.deepEqual(counts, new Array(10).fill(100));
});

test("a frequent value has a bin of its own, and the others share the rest", (t) => {
  const values = Float64Array.from({ length: 1000 }, (_, i) => (i < 700 ? 50.5 : i - 700));
  const { lowest, highest } = findBins(values, 16);
  const own = lowest.indexOf(50.5);
  t.is(highest[own], 50.5);
  t.is(lowest.length, 16);
});

test("missing values have their own bin", (t) => {
  const { bins, lowest } = binFeature(Float64Array.of(Number.NaN, 4, Number.NaN), 255);
  t.deepEqual([...bins], [missingBin, 0, missingBin]);
  t.is(lowest.length, 1);
});

test("a feature without any value has no bins but that of missing values", (t) => {
  const { bins, lowest } = binFeature(Float64Array.of(Number.NaN, Number.NaN), 255);
  t.deepEqual([...bins], [missingBin, missingBin]);
  t.is(lowest.length, 0);
});

test("every value lies in its bin's span, spans ascend without overlap, and there are at most as many as asked for", (t) => {
  fc.assert(
    fc.property(cells, fc.integer({ min: 2, max: 40 }), (list, maxBins) => {
      const values = Float64Array.from(list);
      const { lowest, highest, bins } = binFeature(values, maxBins);
      const distinct = new Set(list.filter((value) => !Number.isNaN(value)).map((value) => value + 0)).size;
      t.true(lowest.length <= Math.min(maxBins, distinct));
      if (distinct <= maxBins) t.is(lowest.length, distinct);
      for (let bin = 0; bin < lowest.length; bin++) {
        t.true(lowest[bin]! <= highest[bin]!);
        if (bin > 0) t.true(highest[bin - 1]! < lowest[bin]!);
      }
      values.forEach((value, row) => {
        const bin = bins[row]!;
        if (Number.isNaN(value)) t.is(bin, missingBin);
        else t.true(lowest[bin]! <= value && value <= highest[bin]!);
      });
    }),
  );
});
