import { lookUp } from "../entities/look-up.ts";
import { invalidValue, isObject, memberPath } from "../features/feature-problem.ts";
import type { FeatureRows, Predictions } from "../features/feature-rows.ts";
import { readColumns } from "../features/read-columns.ts";
import { readInstances } from "../features/read-instances.ts";
import { parseJson } from "../http/read-body.ts";
import type { ModelIdentity } from "../model/served-model.ts";
import type { Answer, PredictionContext, Protocol } from "../prediction/protocol.ts";
import { timestamp } from "../timestamp.ts";
import { traceHeaders } from "../tracing/trace-context.ts";
import { matrixJson, valuesJson } from "./prediction-json.ts";

/** How a body carries its rows: `inputs`, one array a feature, or `instances`, one object a row. */
export type RowsMember = "inputs" | "instances";

/**
 * The service's own protocol: `/predict` takes `{"inputs": {feature: [value, …]}}`, `/batch_predict`
 * `{"instances": [{feature: value}, …]}`; both answer `{"predictions", "probabilities", …}`, where probabilities are
 * absent unless `return_probabilities` asks for them.
 *
 * In place of `inputs`, `/predict` takes `{"entities": {join key: [value, …]}}`, whose features are looked up in Feast;
 * its answer tells how old they are: `feature_timestamps` has the oldest event timestamp of each row.
 */
export function nativeProtocol(member: RowsMember): Protocol {
  const readRows: (...args: Parameters<typeof readColumns>) => FeatureRows =
    member === "inputs" ? readColumns : readInstances;
  return {
    read({ body, headers }, context) {
      const { given, entities, withProbabilities } = readMembers(parseJson(body, headers), member, context);
      if (entities !== undefined)
        return lookUp(entities, context, traceHeaders(headers)).then(({ rows, asOf }) => ({
          rows,
          answer: (predictions, milliseconds) =>
            answer(context.model, predictions, milliseconds, withProbabilities, timestampsMember(asOf)),
        }));
      return {
        rows: readRows(context.columns, given, context),
        answer: (predictions, milliseconds) => answer(context.model, predictions, milliseconds, withProbabilities),
      };
    },
  };
}

const memberNames: Record<RowsMember, string> = { inputs: "inputs (or entities)", instances: "instances" };

function readMembers(body: unknown, member: RowsMember, { model }: PredictionContext) {
  if (!isObject(body)) throw invalidValue("body", `an object with ${member}`, body);
  for (const name in body)
    if (name !== member && name !== "return_probabilities" && !(name === "entities" && member === "inputs"))
      throw invalidValue(
        memberPath("", name),
        `${memberNames[member]} and return_probabilities alone`,
        body[name],
        "unknown",
      );
  const asked = Object.hasOwn(body, "return_probabilities") ? body.return_probabilities : false;
  if (typeof asked !== "boolean") throw invalidValue("return_probabilities", "true or false", asked);
  if (asked && !model.schema.probabilities)
    throw invalidValue("return_probabilities", "false, as this model gives no probabilities", asked);
  const given = Object.hasOwn(body, member) ? body[member] : undefined;
  const entities = Object.hasOwn(body, "entities") ? body.entities : undefined;
  if (given !== undefined && entities !== undefined)
    throw invalidValue("entities", "inputs or entities, not both", entities);
  return { given, entities, withProbabilities: asked };
}

function answer(
  { name, version }: ModelIdentity,
  predictions: Predictions,
  milliseconds: number,
  withProbabilities: boolean,
  featureTimestamps = "",
): Answer {
  const probabilities = withProbabilities
    ? `,"probabilities":${matrixJson(predictions.probabilities, predictions.classes)}`
    : "";
  const time = Math.round(milliseconds * 1000) / 1000;
  const body =
    `{"predictions":${valuesJson(predictions.values)}${probabilities}${featureTimestamps},"inference_time_ms":${time},` +
    `"timestamp":"${timestamp()}","model_name":${JSON.stringify(name)},"model_version":${JSON.stringify(version)}}`;
  return { type: "application/json", body };
}

function timestampsMember(asOf: Float64Array): string {
  const times = Array.from(asOf, (time) => (Number.isNaN(time) ? null : timestamp(time)));
  return `,"feature_timestamps":${JSON.stringify(times)}`;
}
