import test from "ava";
import type { FeatureColumn } from "../features/index.ts";
import { signatureOf } from "./signature.ts";

const column = (name: string, type: FeatureColumn["type"], ...values: number[]): FeatureColumn => ({
  name,
  type,
  values: Float64Array.from(values),
});

test("a feature that every row has is required, in its own type", (t) => {
  const { inputs, outputs } = signatureOf([column("a", "long", 1, 2), column("b", "double", 0.5, Number.NaN)], [0, 1]);
  t.deepEqual(inputs, [
    { name: "a", type: "long", required: true },
    { name: "b", type: "double", required: false },
  ]);
  t.deepEqual(outputs, [
    { name: "label", type: "long", required: true },
    { name: "probability_0", type: "double", required: true },
    { name: "probability_1", type: "double", required: true },
  ]);
});

test("types are those that MLflow turns into an array of doubles", (t) => {
  const types = (...features: FeatureColumn[]) => signatureOf(features, [0, 1]).inputs.map(({ type }) => type);
  t.deepEqual(types(column("a", "long", Number.NaN), column("b", "boolean", 1)), ["double", "long"]);
  t.deepEqual(types(column("a", "long", 1), column("b", "boolean", 1)), ["double", "double"]);
});
