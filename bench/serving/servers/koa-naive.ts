import "../../../mlflow/no-telemetry.ts";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { timestamp } from "../../../inference/timestamp.ts";
import { serveKoa } from "./koa-server.ts";

// node koa-naive.ts PORT MODEL FEATURE…: what one writes first, a run for each request and no validation.
const [port, file, ...features] = process.argv.slice(2) as [string, string, ...string[]];
const session = await InferenceSession.create(file, { intraOpNumThreads: 1, interOpNumThreads: 1 });

type Body =
  | { readonly inputs: Readonly<Record<string, readonly number[]>> }
  | { readonly instances: readonly Readonly<Record<string, number>>[] };

serveKoa(Number(port), async (body) => {
  const start = performance.now();
  const rows = rowsOf(body as Body);
  const { label, probability_0, probability_1 } = await session.run({
    features: new Tensor("float64", Float64Array.from(rows.flat()), [rows.length, features.length]),
  });
  const second = probability_1!.data as Float64Array;
  return {
    predictions: Array.from(label!.data as BigInt64Array, Number),
    probabilities: Array.from(probability_0!.data as Float64Array, (first, row) => [first, second[row]]),
    inference_time_ms: performance.now() - start,
    timestamp: timestamp(),
    model_name: "churn_predictor_feast",
    model_version: "1",
  };
});

function rowsOf(body: Body): number[][] {
  if ("instances" in body) return body.instances.map((row) => features.map((name) => row[name]!));
  const columns = features.map((name) => body.inputs[name]!);
  return columns[0]!.map((_, row) => columns.map((column) => column[row]!));
}
