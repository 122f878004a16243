import test from "ava";
import type { FeatureColumn } from "../features/index.ts";
import { goldenRows, goldenSample } from "./golden-sample.ts";

const rows = 2000;
const values = Float64Array.from({ length: rows }, (_, row) => (row % 100 === 7 ? Number.NaN : row));
const features: FeatureColumn[] = [
  { name: "a", type: "double", values },
  { name: "b", type: "long", values: new Float64Array(rows).fill(1) },
];
const second = Float64Array.from({ length: rows }, (_, row) => ((row * 7) % rows) / rows);
const probabilities = Float64Array.from({ length: 2 * rows }, (_, position) => {
  const probability = second[position >> 1]!;
  return position % 2 === 0 ? 1 - probability : probability;
});

test("spreads over the probabilities, with rows near the boundary and rows with missing values", (t) => {
  const chosen = goldenRows(features, probabilities);
  t.true(chosen.length >= 16 && chosen.length <= 32);
  t.deepEqual(
    chosen,
    [...new Set(chosen)].sort((a, b) => a - b),
  );
  const found = chosen.map((row) => second[row]!);
  for (let tenth = 0; tenth < 10; tenth += 1)
    t.true(
      found.some((probability) => Math.floor(probability * 10) === tenth),
      `${tenth}`,
    );
  t.true(found.filter((probability) => Math.abs(probability - 0.5) < 0.01).length >= 8);
  t.false(found.includes(0.5), "a tie, which a runtime that sums in float may decide otherwise");
  t.true(chosen.some((row) => Number.isNaN(values[row])));
  t.deepEqual(goldenRows(features, probabilities), chosen);
});

test("holds no two equal rows", (t) => {
  const constant = [{ ...features[0]!, values: new Float64Array(rows) }];
  t.is(goldenRows(constant, probabilities).length, 1);
});

test("is not empty even where every row is a tie", (t) => {
  t.true(goldenRows(features, new Float64Array(2 * rows).fill(0.5)).length > 0);
});

test("holds the rows with the answers to them", (t) => {
  const predictions = second.map((probability) => (probability > 0.5 ? 1 : 0));
  t.deepEqual(goldenSample(features, [6, 7], { predictions, probabilities }), {
    columns: ["a", "b"],
    rows: [
      [6, 1],
      [null, 1],
    ],
    predictions: [0, 0],
    probabilities: [
      [1 - second[6]!, second[6]!],
      [1 - second[7]!, second[7]!],
    ],
  });
});
