import type { GoldenSample } from "../mlflow/model-folder.ts";

/** A golden sample as the body of a `/predict` request: one array a feature. */
export function goldenInputs({ columns, rows }: GoldenSample): object {
  const inputs = Object.fromEntries(columns.map((name, at) => [name, rows.map((row) => row[at])]));
  return { inputs, return_probabilities: true };
}

/** A golden sample as the body of a `/batch_predict` request: one object a row. */
export function goldenInstances({ columns, rows }: GoldenSample): object {
  const instances = rows.map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at]])));
  return { instances, return_probabilities: true };
}
