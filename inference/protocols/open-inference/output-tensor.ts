import type { Predictions } from "../../features/feature-rows.ts";
import type { ModelSchema } from "../../model/model-schema.ts";
import { valuesJson } from "../prediction-json.ts";

/** An output of every model, or of those that give probabilities. */
export type OutputName = "predictions" | "probabilities";

/** Datatype of `predictions`, by the JSON type of a prediction. */
const predictionDatatypes = { integer: "INT64", number: "FP64", string: "BYTES" } as const;

/** The outputs that a model has. */
export function outputNames({ probabilities }: ModelSchema): readonly OutputName[] {
  return probabilities ? ["predictions", "probabilities"] : ["predictions"];
}

/** The datatype of an output, as the model's metadata says it. */
export function outputDatatype(name: OutputName, { prediction }: ModelSchema): string {
  return name === "probabilities" ? "FP64" : predictionDatatypes[prediction];
}

/** The JSON of an output up to its data: `{"name":…,"datatype":…,"shape":…`, still open. */
export function outputHead(name: OutputName, schema: ModelSchema, { values, classes }: Predictions): string {
  const shape = name === "probabilities" ? `${values.length},${classes}` : values.length;
  return `{"name":"${name}","datatype":"${outputDatatype(name, schema)}","shape":[${shape}]`;
}

/** An output's elements, row-major, as a JSON array. */
export function outputJson(name: OutputName, { values, probabilities }: Predictions): string {
  return valuesJson(name === "probabilities" ? probabilities : values);
}

/** An output's elements, row-major, as the binary extension has them. */
export function outputBytes(name: OutputName, schema: ModelSchema, { values, probabilities }: Predictions): Buffer {
  const elements = name === "probabilities" ? probabilities : values;
  if (!(elements instanceof Float64Array)) return textBytes(elements);
  const { buffer, byteOffset, byteLength } =
    name === "predictions" && schema.prediction === "integer" ? BigInt64Array.from(elements, BigInt) : elements;
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** Texts, each behind its length in 4 bytes. */
function textBytes(texts: readonly string[]): Buffer {
  return Buffer.concat(
    texts.flatMap((text) => {
      const bytes = Buffer.from(text, "utf8");
      const length = Buffer.alloc(4);
      length.writeUInt32LE(bytes.length);
      return [length, bytes];
    }),
  );
}
