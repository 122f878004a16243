import type { InferenceSession, Tensor } from "onnxruntime-node";
import type { Predictions } from "../features/feature-rows.ts";
import { UnsupportedModel } from "./unsupported-model.ts";

type TensorMetadata = InferenceSession.TensorValueMetadata;

/** A session's answer to `rows` rows as predictions. */
export type ReadOutputs = (results: InferenceSession.OnnxValueMapType, rows: number) => Predictions;

/**
 * Finds a classifier's label and probabilities among a graph's outputs: an integer label of shape [rows], and either
 * probabilities of shape [rows, classes], or one output of shape [rows] a class, in the order of the classes.
 *
 * @throws {@link UnsupportedModel}
 */
export function bindOutputs(metadata: readonly InferenceSession.ValueMetadata[]): ReadOutputs {
  const label = tensor(metadata.find((output) => output.isTensor && !isFloat(output)) ?? metadata[0]);
  if (label?.type !== "int64" && label?.type !== "int32")
    throw new UnsupportedModel(
      label?.type === "string"
        ? `its label ${label.name} is a string: train it on integer classes (a LabelEncoder makes them)`
        : `no output holds an integer label: it is no classifier as skl2onnx or this project exports it (outputs: ${list(metadata)})`,
    );
  const probabilities = metadata.filter(({ name }) => name !== label.name).map(probability);
  const matrix = probabilities.find(({ shape }) => shape.length === 2);
  if (matrix && probabilities.length === 1)
    return (results, rows) => fromMatrix(results, rows, label.name, matrix.name);
  if (matrix || probabilities.length < 2)
    throw new UnsupportedModel(
      `expected its probabilities as one output of shape [rows, classes] or one of shape [rows] a class, got ${list(metadata)}`,
    );
  const names = probabilities.map(({ name }) => name);
  return (results, rows) => fromColumns(results, rows, label.name, names);
}

function probability(output: InferenceSession.ValueMetadata): TensorMetadata {
  const found = tensor(output);
  if (!found)
    throw new UnsupportedModel(
      `its output ${output.name} is a sequence of maps (a ZipMap operator), which ONNX Runtime's Node binding can't return: ` +
        "export it with skl2onnx's options={'zipmap': False}",
    );
  if (!isFloat(found) || found.shape.length < 1 || found.shape.length > 2)
    throw new UnsupportedModel(
      `its output ${found.name} (${found.type}[${found.shape}]) is neither label nor probabilities`,
    );
  return found;
}

function fromMatrix(
  results: InferenceSession.OnnxValueMapType,
  rows: number,
  label: string,
  probabilities: string,
): Predictions {
  const { data, dims } = results[probabilities] as Tensor;
  return {
    values: toLabels(results[label] as Tensor, rows),
    probabilities: data instanceof Float64Array ? data : Float64Array.from(data as Float32Array),
    classes: dims[1]!,
  };
}

function fromColumns(
  results: InferenceSession.OnnxValueMapType,
  rows: number,
  label: string,
  names: readonly string[],
): Predictions {
  const classes = names.length;
  const probabilities = new Float64Array(rows * classes);
  for (const [at, name] of names.entries()) {
    const column = (results[name] as Tensor).data as Float64Array | Float32Array;
    for (let row = 0; row < rows; row++) probabilities[row * classes + at] = column[row]!;
  }
  return { values: toLabels(results[label] as Tensor, rows), probabilities, classes };
}

function toLabels({ data }: Tensor, rows: number): Float64Array {
  const labels = new Float64Array(rows);
  for (let row = 0; row < rows; row++) labels[row] = Number((data as BigInt64Array | Int32Array)[row]);
  return labels;
}

function tensor(output: InferenceSession.ValueMetadata | undefined): TensorMetadata | undefined {
  return output?.isTensor ? output : undefined;
}

function isFloat({ type }: TensorMetadata): boolean {
  return type === "float32" || type === "float64";
}

function list(metadata: readonly InferenceSession.ValueMetadata[]): string {
  return metadata
    .map((output) => (output.isTensor ? `${output.name} ${output.type}[${output.shape}]` : output.name))
    .join(", ");
}
