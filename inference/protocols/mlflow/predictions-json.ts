import type { Predictions } from "../../features/feature-rows.ts";
import type { ModelOutput, ModelSchema } from "../../model/model-schema.ts";
import { numberJson, numbersJson } from "../prediction-json.ts";

/**
 * Predictions as MLflow answers them for an ONNX model: a record a row where they are a data frame, which they are for
 * a model with named columns; else an array an output, as the graph has it.
 *
 * @param isFrame - whether the rows came as a data frame.
 */
export function predictionsJson(schema: ModelSchema, isFrame: boolean, predictions: Predictions): string {
  const records = schema.signature === "columns" || (schema.signature === "none" && isFrame);
  return `{"predictions":${records ? recordsJson(schema, predictions) : arraysJson(schema, predictions)}}`;
}

function recordsJson({ outputs, classes }: ModelSchema, predictions: Predictions): string {
  const members = outputs.map(({ name }, at) => `${at > 0 ? "," : ""}${JSON.stringify(name)}:`);
  let json = "[";
  for (let row = 0; row < predictions.values.length; row++) {
    json += row > 0 ? ",{" : "{";
    for (let at = 0; at < outputs.length; at++)
      json += members[at]! + elementJson(outputs[at]!, classes, predictions, row);
    json += "}";
  }
  return `${json}]`;
}

function arraysJson({ outputs, classes }: ModelSchema, predictions: Predictions): string {
  const arrays = outputs.map((output) => {
    let json = `${JSON.stringify(output.name)}:[`;
    for (let row = 0; row < predictions.values.length; row++) {
      const element = elementJson(output, classes, predictions, row);
      json += (row > 0 ? "," : "") + (output.nested ? `[${element}]` : element);
    }
    return `${json}]`;
  });
  return `{${arrays.join(",")}}`;
}

/** What an output holds of a row. */
function elementJson(
  { holds }: ModelOutput,
  labels: ModelSchema["classes"],
  { values, probabilities, classes }: Predictions,
  row: number,
): string {
  const from = row * classes;
  if (holds === "prediction")
    return values instanceof Float64Array ? numberJson(values[row]!) : JSON.stringify(values[row]);
  if (typeof holds === "number") return numberJson(probabilities[from + holds]!);
  if (holds === "probabilities" || !labels) return numbersJson(probabilities, from, from + classes);
  const members = labels.map(
    (label, at) => `${JSON.stringify(String(label))}:${numberJson(probabilities[from + at]!)}`,
  );
  return `{${members.join(",")}}`;
}
