import test from "ava";
import fc from "fast-check";
import { featureBaseline } from "./baseline.ts";

test("describes a feature's distribution in the training rows", (t) => {
  const values = Float64Array.from({ length: 100 }, (_, index) => 100 - index);
  const { mean, std, ...rest } = featureBaseline("a", values);
  t.is(mean, 50.5);
  t.true(Math.abs(std - Math.sqrt(833.25)) < 1e-12);
  t.deepEqual(rest, {
    name: "a",
    count: 100,
    missing: 0,
    min: 1,
    max: 100,
    edges: [10, 20, 30, 40, 50, 60, 70, 80, 90],
    counts: new Array(10).fill(10),
  });
});

test("a feature of few values has a bin for each", (t) => {
  const { edges, counts } = featureBaseline("a", Float64Array.of(0, 0, 0, 0, 1, 1, 2, 2, 2, 2));
  t.deepEqual({ edges, counts }, { edges: [0, 1], counts: [4, 2, 4] });
});

test("a feature that is nearly always at its greatest value still has two bins, those below it and that one", (t) => {
  const values = new Float64Array(100).fill(3);
  values.set([0, 2, 1]);
  const { edges, counts } = featureBaseline("a", values);
  t.deepEqual({ edges, counts }, { edges: [2], counts: [3, 97] });
});

test("a feature of one value has one bin", (t) => {
  const { edges, counts } = featureBaseline("a", Float64Array.of(3, 3, 3));
  t.deepEqual({ edges, counts }, { edges: [], counts: [3] });
});

test("a feature without values has no statistics", (t) => {
  const { count, missing, mean, std, min, max, edges, counts } = featureBaseline("a", Float64Array.of(Number.NaN));
  t.deepEqual({ count, missing, edges, counts }, { count: 0, missing: 1, edges: [], counts: [0] });
  t.true([mean, std, min, max].every(Number.isNaN));
});

test("each value is counted once, in the bin up to whose edge it reaches", (t) => {
  const value = fc.oneof(fc.constantFrom(0, 1, Number.NaN), fc.double({ noNaN: true, noDefaultInfinity: true }));
  fc.assert(
    fc.property(fc.array(value), (list) => {
      const { edges, counts, count, missing } = featureBaseline("a", Float64Array.from(list));
      const bins = new Array(edges.length + 1).fill(0);
      for (const x of list.filter((entry) => !Number.isNaN(entry))) bins[edges.filter((edge) => x > edge).length] += 1;
      t.deepEqual(counts, bins);
      t.is(count + missing, list.length);
      t.true(edges.every((edge, index) => index === 0 || edge > edges[index - 1]!));
      t.true(count === 0 || counts.every((inBin) => inBin > 0));
      t.is(edges.length > 0, new Set(list.filter((entry) => !Number.isNaN(entry)).map((entry) => entry + 0)).size > 1);
    }),
  );
});
