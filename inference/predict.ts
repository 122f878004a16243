import { describe, type FeatureProblem, InvalidFeatures, isObject, memberPath } from "./features/feature-problem.ts";
import type { FeatureRows, Predictions } from "./features/feature-rows.ts";
import { readColumns } from "./features/read-columns.ts";
import { readInstances } from "./features/read-instances.ts";
import type { ServedModel } from "./model/served-model.ts";
import { timestamp } from "./timestamp.ts";

/** The answer of both predict endpoints. */
export interface PredictAnswer {
  readonly predictions: readonly (number | string)[];
  /** rows x classes; absent unless asked for. */
  readonly probabilities?: readonly (readonly number[])[];
  /** From the validated request to its predictions, waiting for a shared run included. */
  readonly inference_time_ms: number;
  /** UTC. */
  readonly timestamp: string;
  readonly model_name: string;
  readonly model_version: string;
}

/** What {@link predict} needs of a model. */
export type PredictingModel = Pick<ServedModel, "name" | "version" | "columns" | "predict">;

/** How a body carries its rows: `inputs`, one array a feature, or `instances`, one object a row. */
export type RowsMember = "inputs" | "instances";

/**
 * Answers a request body: what `/predict` (`inputs`) and `/batch_predict` (`instances`) do, without HTTP.
 *
 * @throws {@link InvalidFeatures} naming what is wrong, and where.
 * @throws TooManyRows
 */
export async function predict(
  model: PredictingModel,
  member: RowsMember,
  body: unknown,
  rowLimit: number,
): Promise<PredictAnswer> {
  const { rows, withProbabilities } = readRequest(model, member, body, rowLimit);
  const start = performance.now();
  const predictions = await model.predict(rows);
  const milliseconds = performance.now() - start;
  return {
    predictions: Array.from<number | string>(predictions.values),
    ...(withProbabilities && { probabilities: toMatrix(predictions) }),
    inference_time_ms: Math.round(milliseconds * 1000) / 1000,
    timestamp: timestamp(),
    model_name: model.name,
    model_version: model.version,
  };
}

function readRequest({ columns }: PredictingModel, member: RowsMember, body: unknown, rowLimit: number) {
  if (!isObject(body)) throw wrong("", `an object with ${member}`, body);
  for (const name of Object.keys(body))
    if (name !== member && name !== "return_probabilities")
      throw wrong(memberPath("", name), `${member} and return_probabilities alone`, body[name], "unknown");
  const asked = Object.hasOwn(body, "return_probabilities") ? body.return_probabilities : false;
  if (typeof asked !== "boolean") throw wrong("return_probabilities", "true or false", asked);
  const given = Object.hasOwn(body, member) ? body[member] : undefined;
  const read: (...args: Parameters<typeof readColumns>) => FeatureRows =
    member === "inputs" ? readColumns : readInstances;
  return { rows: read(columns, given, { rowLimit, ignoreUnknown: false }), withProbabilities: asked };
}

function wrong(
  path: string,
  expected: string,
  received: unknown,
  problem: FeatureProblem["problem"] = "type",
): InvalidFeatures {
  return new InvalidFeatures([{ path: path || "body", problem, expected, received: describe(received) }]);
}

function toMatrix({ values, probabilities, classes }: Predictions): number[][] {
  return Array.from({ length: values.length }, (_, row) =>
    Array.from(probabilities.subarray(row * classes, (row + 1) * classes)),
  );
}
