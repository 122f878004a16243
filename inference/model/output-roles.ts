import type { InferenceSession } from "onnxruntime-node";
import { UnsupportedModel } from "./unsupported-model.ts";

type ValueMetadata = InferenceSession.ValueMetadata;
type TensorMetadata = InferenceSession.TensorValueMetadata;

/** Which of a graph's outputs hold what; others are left alone. */
export interface OutputRoles {
  /** A classifier's answer: an integer, a truth value or a text a row. */
  readonly label?: TensorMetadata;
  /** A regressor's answer, a number a row: where there is no label, and no probabilities. */
  readonly value?: TensorMetadata;
  /** A tensor with a row of probabilities each, or a tensor a class with a probability each, in the classes' order. */
  readonly probabilities?: { readonly kind: "matrix" | "columns"; readonly names: readonly string[] };
}

const floats: readonly string[] = ["float32", "float64"];
const labels: readonly string[] = ["int64", "int32", "int16", "int8", "uint32", "uint16", "uint8", "bool", "string"];

/** skl2onnx's names: where several outputs look alike, they decide. */
const labelNames: readonly string[] = ["label", "output_label"];
const probabilityNames: readonly string[] = ["probabilities", "output_probability"];

/** skl2onnx's name for a clusterer's distances and an outlier detector's scores. */
const scores = "scores";

/**
 * Finds out what a graph's outputs are.
 *
 * @param zipped - names of tensors that were the input of a ZipMap: probabilities.
 * @param classes - how many classes the model folder names; undefined where it names none. With them, a single output of
 *   several numbers a row is their probabilities.
 * @throws {@link UnsupportedModel} where they don't tell.
 */
export function outputRoles(
  metadata: readonly ValueMetadata[],
  zipped: readonly string[] = [],
  classes?: number,
): OutputRoles {
  const tensors = metadata.map(requireTensor);
  const numbers = tensors.filter(({ type }) => floats.includes(type));
  const label = only(tensors.filter(isLabel), labelNames);
  if (label) return { label, ...probabilitiesOf(numbers, zipped) };
  const [value] = numbers;
  if (value && tensors.length === 1) {
    if (classes !== undefined && width(value) !== 1) return probabilities("matrix", [value]);
    if (width(value) === undefined || width(value) === 1) return { value };
    throw new UnsupportedModel(
      `its output ${value.name} holds ${width(value)} values a row, and nothing says what they mean: serve a model a target, or, where they are a classifier's probabilities, log it with metadata={"classes": […]}`,
    );
  }
  throw new UnsupportedModel(
    `its outputs are ${list(tensors)}: expected one number a row (a regressor), or one label a row with the probabilities of its classes (a classifier)`,
  );
}

function probabilitiesOf(numbers: readonly TensorMetadata[], zipped: readonly string[]): Omit<OutputRoles, "label"> {
  const candidates = numbers.filter((output) =>
    zipped.length > 0
      ? zipped.includes(output.name)
      : output.shape.length !== 1 && width(output) !== 1 && output.name !== scores,
  );
  const matrix = only(candidates, probabilityNames);
  if (matrix) return probabilities("matrix", [matrix]);
  if (candidates.length > 0)
    throw new UnsupportedModel(`expected one output of probabilities, got ${list(candidates)}`);
  const columns = numbers.filter((output) => width(output) === 1 && output.name !== scores);
  return columns.length > 1 ? probabilities("columns", columns) : {};
}

function probabilities(kind: "matrix" | "columns", outputs: readonly TensorMetadata[]): OutputRoles {
  return { probabilities: { kind, names: outputs.map(({ name }) => name) } };
}

function requireTensor(output: ValueMetadata): TensorMetadata {
  if (output.isTensor) return output;
  throw new UnsupportedModel(
    `its output ${output.name} is a sequence or map, which ONNX Runtime's Node binding can't return, and no ZipMap operator at the graph's end makes it: export tensors`,
  );
}

/**
 * A fixed number of values isn't one a row, but something like a list of all labels; save that onnxmltools declares
 * LightGBM's label as one value.
 */
function isLabel(output: TensorMetadata): boolean {
  const [rows] = output.shape;
  return labels.includes(output.type) && !(typeof rows === "number" && rows > 1) && (width(output) ?? 1) === 1;
}

function only(outputs: readonly TensorMetadata[], names: readonly string[]): TensorMetadata | undefined {
  return outputs.length > 1 ? outputs.find(({ name }) => names.includes(name)) : outputs[0];
}

/** Values a row; undefined where the graph doesn't say. */
function width({ shape }: TensorMetadata): number | undefined {
  if (shape.length === 0) return undefined;
  const sizes = shape.slice(1);
  return sizes.every((size) => typeof size === "number")
    ? sizes.reduce((product, size) => product * size, 1)
    : undefined;
}

function list(outputs: readonly TensorMetadata[]): string {
  return outputs.map(({ name, type, shape }) => `${name} ${type}[${shape}]`).join(", ") || "none";
}
