import "../../mlflow/no-telemetry.ts";
import { type InferenceSession, Tensor } from "onnxruntime-node";
import type { ColumnSpec } from "../../mlflow/model-folder.ts";
import type { FeatureRows } from "../features/feature-rows.ts";
import { UnsupportedModel } from "./unsupported-model.ts";

/** Rows as what a session is fed with. */
export type FeedRows = (rows: FeatureRows) => Record<string, Tensor>;

type ArrayType = "float64" | "float32" | "int64" | "int32" | "bool";

const tensors: Record<ArrayType, (values: Float64Array, dims: number[]) => Tensor> = {
  float64: (values, dims) => new Tensor("float64", values, dims),
  float32: (values, dims) => new Tensor("float32", Float32Array.from(values), dims),
  int64: (values, dims) => new Tensor("int64", BigInt64Array.from(values, BigInt), dims),
  int32: (values, dims) => new Tensor("int32", Int32Array.from(values), dims),
  bool: (values, dims) => new Tensor("bool", Uint8Array.from(values), dims),
};

/**
 * Binds the signature's columns to a graph's inputs: one tensor of shape [rows, features], or one input a column of
 * shape [rows] or [rows, 1], named like the column or as skl2onnx renames it (what is no letter or digit becomes `_`).
 *
 * @throws {@link UnsupportedModel}
 */
export function bindInputs(
  metadata: readonly InferenceSession.ValueMetadata[],
  columns: readonly ColumnSpec[],
): FeedRows {
  const [only] = metadata;
  if (metadata.length === 1 && only && (columns.length > 1 || !byName(metadata, columns[0]!.name)))
    return bindMatrix(only, columns);
  const inputs = columns.map((column) => bindColumn(metadata, column));
  if (metadata.length !== columns.length) {
    const names = metadata.map(({ name }) => name).join(", ");
    throw new UnsupportedModel(`its graph has the inputs ${names}, its signature ${columns.length} columns`);
  }
  return (rows) =>
    Object.fromEntries(
      inputs.map(({ name, make, dims }, at) => [name, make(pick(rows, at, inputs.length), dims(rows.count))]),
    );
}

function bindMatrix(input: InferenceSession.ValueMetadata, columns: readonly ColumnSpec[]): FeedRows {
  const make = tensorOf(input, columns);
  const { name, shape } = tensorMetadata(input);
  const width = shape[1];
  if (shape.length !== 2 || (typeof width === "number" && width > 0 && width !== columns.length))
    throw new UnsupportedModel(`its input ${name} has the shape [${shape}], expected [rows, ${columns.length}]`);
  return ({ count, values }) => ({ [name]: make(values, [count, columns.length]) });
}

function bindColumn(metadata: readonly InferenceSession.ValueMetadata[], column: ColumnSpec) {
  const input = byName(metadata, column.name);
  if (!input) {
    const names = metadata.map(({ name }) => name).join(", ");
    throw new UnsupportedModel(`no input is named like the signature's column ${column.name}: its graph has ${names}`);
  }
  const make = tensorOf(input, [column]);
  const { name, shape } = tensorMetadata(input);
  if (shape.length > 2) throw new UnsupportedModel(`its input ${name} has the shape [${shape}], expected [rows, 1]`);
  return { name, make, dims: (rows: number) => (shape.length === 1 ? [rows] : [rows, 1]) };
}

function tensorOf(input: InferenceSession.ValueMetadata, columns: readonly ColumnSpec[]) {
  const { name, type } = tensorMetadata(input);
  const make = tensors[type as ArrayType];
  if (!make)
    throw new UnsupportedModel(`its input ${name} holds ${type}, expected one of ${Object.keys(tensors).join(", ")}`);
  const optional = columns.find((column) => !column.required);
  if (optional && !type.startsWith("float"))
    throw new UnsupportedModel(
      `column ${optional.name} may be missing, and its input ${name} (${type}) can't hold that: make it required, or the input a float`,
    );
  return make;
}

function tensorMetadata(value: InferenceSession.ValueMetadata): InferenceSession.TensorValueMetadata {
  if (value.isTensor) return value;
  throw new UnsupportedModel(`its input ${value.name} is no tensor`);
}

function byName(metadata: readonly InferenceSession.ValueMetadata[], column: string) {
  const plain = (name: string) => name.replace(/[^A-Za-z0-9]/g, "_");
  return metadata.find(({ name }) => name === column) ?? metadata.find(({ name }) => plain(name) === plain(column));
}

function pick({ count, values }: FeatureRows, at: number, stride: number): Float64Array {
  const column = new Float64Array(count);
  for (let row = 0; row < count; row++) column[row] = values[row * stride + at]!;
  return column;
}
