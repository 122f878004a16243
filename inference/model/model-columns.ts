import type { InferenceSession } from "onnxruntime-node";
import type { ColumnSpec, ColumnType, Signature } from "../../mlflow/model-folder.ts";
import { UnsupportedModel } from "./unsupported-model.ts";

const types: Partial<Record<string, ColumnType>> = {
  float64: "double",
  float32: "float",
  int64: "long",
  int32: "integer",
  bool: "boolean",
  string: "string",
};

/**
 * The named features of a model: its signature's columns; where it has none (logged with arrays, or without a
 * signature), the graph's inputs, one a column, or `x0`, `x1`, … as scikit-learn calls the columns of an array.
 *
 * @throws {@link UnsupportedModel} where the graph doesn't say how many columns it takes.
 */
export function modelColumns(
  signature: Signature | undefined,
  metadata: readonly InferenceSession.ValueMetadata[],
): readonly ColumnSpec[] {
  if (signature) return signature.inputs;
  if (metadata.length > 1) return metadata.map((input) => ({ name: input.name, type: typeOf(input), required: true }));
  const [input] = metadata;
  const width = input?.isTensor ? input.shape[1] : undefined;
  if (!input || typeof width !== "number" || width < 1)
    throw new UnsupportedModel(
      "it has no signature, and its graph doesn't say how many features it takes: log it with a signature",
    );
  const type = typeOf(input);
  return Array.from({ length: width }, (_, at) => ({ name: `x${at}`, type, required: true }));
}

function typeOf(input: InferenceSession.ValueMetadata): ColumnType {
  const type = input.isTensor ? types[input.type] : undefined;
  if (type) return type;
  throw new UnsupportedModel(`its input ${input.name} holds ${input.isTensor ? input.type : "no tensor"}`);
}
