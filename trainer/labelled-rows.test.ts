import test from "ava";
import { labelledRows } from "./labelled-rows.ts";

const set = {
  rows: 3,
  features: [{ name: "a", type: "long" as const, values: Float64Array.of(1, Number.NaN, 3) }],
  eventTimestamp: Float64Array.of(0, 20, 30),
  label: Float64Array.of(Number.NaN, 1, 0),
  labelName: "churned",
  definitions: [],
};

test("keeps the rows that have a label, in their order", (t) => {
  const rows = labelledRows(set);
  t.is(rows.rows, 2);
  t.deepEqual(rows.label, Float64Array.of(1, 0));
  t.deepEqual(rows.eventTimestamp, Float64Array.of(20, 30));
  t.deepEqual(rows.features[0]?.values, Float64Array.of(Number.NaN, 3));
});

test("refuses a label that is no integer, and a column without labels", (t) => {
  t.throws(() => labelledRows({ ...set, label: Float64Array.of(0.5, 1, 0) }), {
    message: /label column churned, got 0\.5 at 1970-01-01T/,
  });
  t.throws(() => labelledRows({ ...set, label: new Float64Array(3).fill(Number.NaN) }), {
    message: /got 3 rows without/,
  });
});

test("refuses an infinite feature", (t) => {
  const features = [{ ...set.features[0]!, values: Float64Array.of(1, -Infinity, 3) }];
  t.throws(() => labelledRows({ ...set, features }), {
    message: /feature a, got -Infinity at 1970-01-01T00:00:00\.020Z/,
  });
});
