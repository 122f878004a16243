import test from "ava";
import { batchPredict, firstRows, invocations, predict, repeatRows } from "./bodies.ts";

const features = [
  { name: "a", type: "long", values: Float64Array.of(1, 2) },
  { name: "b", type: "double", values: Float64Array.of(0.5, 0.25) },
] as const;
const answers = { predictions: Float64Array.of(0, 1), probabilities: Float64Array.of(0.75, 0.25, 0.125, 0.875) };

test("each way of asking carries the same rows", (t) => {
  t.deepEqual(predict.body(features), { inputs: { a: [1, 2], b: [0.5, 0.25] }, return_probabilities: true });
  t.deepEqual(batchPredict.body(features), {
    instances: [
      { a: 1, b: 0.5 },
      { a: 2, b: 0.25 },
    ],
    return_probabilities: true,
  });
  t.deepEqual(invocations.body(features), { inputs: { a: [1, 2], b: [0.5, 0.25] } });
});

test("each way's answer is read to the same labels and probabilities", (t) => {
  const body = {
    predictions: [0, 1],
    probabilities: [
      [0.75, 0.25],
      [0.125, 0.875],
    ],
  };
  t.deepEqual(predict.answers(body), answers);
  t.deepEqual(batchPredict.answers(body), answers);
  const predictions = body.probabilities.map(([probability_0, probability_1], label) => ({
    label,
    probability_0,
    probability_1,
  }));
  t.deepEqual(invocations.answers({ predictions }), answers);
});

test("an answer of another shape is an error", (t) => {
  for (const asking of [predict, batchPredict, invocations])
    t.throws(() => asking.answers({ detail: "no" }), { instanceOf: TypeError });
});

test("a table is cut to its first rows, or repeated to as many as it takes", (t) => {
  t.deepEqual(firstRows(features, 1)[1]!.values, Float64Array.of(0.5));
  t.deepEqual(repeatRows(features, 5)[0]!.values, Float64Array.of(1, 2, 1, 2, 1));
});
