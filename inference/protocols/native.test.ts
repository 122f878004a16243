import test from "ava";
import { compileColumns } from "../features/feature-column.ts";
import { InvalidFeatures } from "../features/feature-problem.ts";
import type { PredictionContext } from "../prediction/protocol.ts";
import { nativeProtocol } from "./native.ts";

/** A model of one column that answers values alone. */
function context(task: "classification" | "regression"): PredictionContext {
  const columns = [{ name: "age", type: "long", required: true }] as const;
  const schema = {
    columns,
    task,
    prediction: "number",
    probabilities: false,
    signature: "columns",
    outputs: [],
  } as const;
  const model = { name: "tiny", version: "1", runId: "", modelType: "onnx", sha256: "", schema };
  return { model, columns: compileColumns(columns), rowLimit: 10, ignoreUnknown: false };
}

function read(body: object, task: "classification" | "regression") {
  const headers = { "content-type": "application/json" };
  const request = { headers, parts: {}, body: Buffer.from(JSON.stringify(body)) };
  return nativeProtocol("inputs").read(request, context(task));
}

for (const task of ["classification", "regression"] as const)
  test(`probabilities of a model that gives none (${task}) are refused, and its values are answered`, async (t) => {
    const inputs = { age: [40] };
    const error = t.throws(() => read({ inputs, return_probabilities: true }, task), { instanceOf: InvalidFeatures });
    t.regex(
      error?.message ?? "",
      /return_probabilities: expected false, as this model gives no probabilities, got true/,
    );
    const asked = await read({ inputs, return_probabilities: false }, task);
    const predictions = { values: Float64Array.of(1.5), probabilities: new Float64Array(), classes: 0 };
    const { body } = await asked.answer(predictions, 1);
    t.like(JSON.parse(String(body)), { predictions: [1.5], probabilities: undefined });
  });
