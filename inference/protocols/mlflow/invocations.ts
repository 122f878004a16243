import type { IncomingHttpHeaders } from "node:http";
import { InvalidFeatures, invalidValue, isObject } from "../../features/feature-problem.ts";
import type { FeatureRows } from "../../features/feature-rows.ts";
import { HttpProblem } from "../../http/http-problem.ts";
import { decodeUtf8, requireIdentity, requireUtf8 } from "../../http/read-body.ts";
import type { ModelSchema } from "../../model/model-schema.ts";
import type { PredictionContext, Protocol } from "../../prediction/protocol.ts";
import { parsePythonJson } from "../python-json.ts";
import { readInputs, readRows } from "./arrays.ts";
import { type FrameContext, readRecords, readSplit } from "./data-frame.ts";
import { predictionsJson } from "./predictions-json.ts";
import { readCsv } from "./read-csv.ts";

type Reader = (given: unknown, context: FrameContext) => FeatureRows;

const formats: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ["dataframe_split", readSplit],
  ["dataframe_records", readRecords],
  ["inputs", readInputs],
  ["instances", readRows],
]);

/**
 * MLflow's scoring protocol, and with it what SageMaker asks of a container: JSON with one of `dataframe_split`,
 * `dataframe_records`, `inputs` and `instances`, or CSV, is answered by `{"predictions": …}`. Other members, such as
 * `params`, are passed over, as MLflow does with what a model has no use for.
 * Source: mlflow/pyfunc/scoring_server/__init__.py and mlflow/utils/proto_json_utils.py of MLflow 3.17.
 */
export const invocationsProtocol: Protocol = {
  read({ body, headers }, context) {
    const type = typeOf(headers);
    const text = decodeUtf8(body);
    const frame = { ...context, unnamed: isUnnamed(context.model.schema) };
    if (type === "text/csv") return asked(readCsv(text, context.model.schema.columns, frame), true, context);
    const [format, given] = onlyFormat(parsePythonJson(text));
    return asked(formats.get(format)!(given, frame), format.startsWith("dataframe"), context);
  },
};

function asked(rows: FeatureRows, isFrame: boolean, { model: { schema } }: PredictionContext) {
  return {
    rows,
    answer: (predictions: Parameters<typeof predictionsJson>[2]) => ({
      type: "application/json",
      body: predictionsJson(schema, isFrame, predictions),
    }),
  };
}

/** What a body is. Accept isn't asked for: the answer is JSON, as MLflow's own. */
function typeOf(headers: IncomingHttpHeaders): "application/json" | "text/csv" {
  requireIdentity(headers);
  const given = headers["content-type"] ?? "none";
  const type = given.split(";", 1)[0]!.trim().toLowerCase();
  if (type !== "application/json" && type !== "text/csv")
    throw new HttpProblem(415, `expected the Content-Type application/json or text/csv, got ${given.slice(0, 80)}`);
  requireUtf8(given);
  return type;
}

function onlyFormat(body: unknown): [format: string, given: unknown] {
  const names = [...formats.keys()];
  const found = isObject(body) ? names.filter((name) => Object.hasOwn(body, name)) : [];
  const [format] = found;
  if (isObject(body) && format !== undefined && found.length === 1) return [format, body[format]];
  const expected = `an object with exactly one of ${names.join(", ")}`;
  if (found.length === 0) throw invalidValue("body", expected, body);
  throw new InvalidFeatures([{ path: "body", problem: "type", expected, received: found.join(" and ") }]);
}

/** Features of a model that was logged without names are called x0, x1, …, by their places. */
export function isUnnamed({ columns, signature }: ModelSchema): boolean {
  return signature !== "columns" && columns.every(({ name }, at) => name === `x${at}`);
}
