import type { ColumnSpec, Signature } from "../../mlflow/model-folder.ts";
import type { FeatureColumn } from "../features/index.ts";
import { labelName, probabilityName } from "../onnx/export-forest.ts";

/**
 * The model's signature: a column a feature, and a column an output. A feature that every row has is required.
 *
 * Types are those with which MLflow hands the ONNX graph, whose one input is double, an array of doubles
 * (`mlflow.onnx` passes `DataFrame.values`):
 * - integers with missing values are `double`, since pandas holds them as floats, and MLflow infers the same;
 * - booleans are `long`, 0 or 1, since pandas makes objects of booleans beside numbers;
 * - where no column is `double` all are, since integers alone would stay an array of integers.
 */
export function signatureOf(features: readonly FeatureColumn[], classes: readonly number[]): Signature {
  const inputs = features.map(({ name, type, values }): ColumnSpec => {
    const required = !values.some(Number.isNaN);
    if (!required) return { name, type: "double", required };
    return { name, type: type === "boolean" ? "long" : type, required };
  });
  const anyDouble = inputs.some(({ type }) => type === "double");
  return {
    inputs: anyDouble ? inputs : inputs.map((column) => ({ ...column, type: "double" })),
    outputs: [
      { name: labelName, type: "long", required: true },
      ...classes.map((label): ColumnSpec => ({ name: probabilityName(label), type: "double", required: true })),
    ],
  };
}
