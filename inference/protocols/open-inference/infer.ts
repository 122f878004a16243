import { invalidValue } from "../../features/feature-problem.ts";
import type { Predictions } from "../../features/feature-rows.ts";
import type { ModelSchema } from "../../model/model-schema.ts";
import type { Answer, PredictionContext, Protocol } from "../../prediction/protocol.ts";
import { type InferRequest, readInferRequest } from "./infer-request.ts";
import { readTensors } from "./input-tensor.ts";
import { requireNamed } from "./named-model.ts";
import { type OutputName, outputBytes, outputHead, outputJson, outputNames } from "./output-tensor.ts";
import { readTensorRows } from "./read-tensor-rows.ts";

/** An output that is answered. */
interface Wanted {
  readonly name: OutputName;
  readonly binary: boolean;
}

/**
 * Inference of the Open Inference Protocol v2 over REST, with its binary tensor data extension: tensors in, of one feature
 * each or of all, and the tensors `predictions` and, where the model gives them, `probabilities` out.
 */
export const inferProtocol: Protocol = {
  read({ body, headers, parts }, context) {
    const { model, columns } = context;
    requireNamed(model, parts);
    const request = readInferRequest(body, headers);
    const wanted = wantedOutputs(request, model.schema);
    return {
      rows: readTensorRows(columns, readTensors(request, context.rowLimit), context),
      answer: (predictions) => answer(context, request.id, wanted, predictions),
    };
  },
};

function wantedOutputs({ outputs, binary: all }: InferRequest, schema: ModelSchema): readonly Wanted[] {
  const names = outputNames(schema);
  if (!outputs) return names.map((name) => ({ name, binary: all }));
  return outputs.map(({ name, binary = all }, at) => {
    const output = names.find((known) => known === name);
    if (!output) throw invalidValue(`outputs[${at}].name`, `one of ${names.join(", ")}`, name, "unknown");
    if (outputs.findIndex((other) => other.name === name) < at)
      throw invalidValue(`outputs[${at}].name`, "each output once", name);
    return { name: output, binary };
  });
}

function answer(
  { model }: PredictionContext,
  id: string | undefined,
  wanted: readonly Wanted[],
  predictions: Predictions,
): Answer {
  const { name, version, schema } = model;
  const tails: Buffer[] = [];
  let outputs = "";
  for (const { name, binary } of wanted) {
    const head = outputHead(name, schema, predictions);
    if (outputs) outputs += ",";
    if (binary) {
      const bytes = outputBytes(name, schema, predictions);
      tails.push(bytes);
      outputs += `${head},"parameters":{"binary_data_size":${bytes.length}}}`;
    } else outputs += `${head},"data":${outputJson(name, predictions)}}`;
  }
  const echo = id === undefined ? "" : `,"id":${JSON.stringify(id)}`;
  const json = `{"model_name":${JSON.stringify(name)},"model_version":${JSON.stringify(version)}${echo},"outputs":[${outputs}]}`;
  if (tails.length === 0) return { type: "application/json", body: json };
  const header = Buffer.from(json, "utf8");
  return {
    type: "application/octet-stream",
    headers: { "Inference-Header-Content-Length": String(header.length) },
    body: joined([header, ...tails]),
  };
}

/** In memory of their own, which another thread can hand over: Buffer.concat may put them into a pool that others share. */
function joined(parts: readonly Buffer[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
