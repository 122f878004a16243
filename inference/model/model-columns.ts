import type { ColumnSpec, ColumnType, ModelFolder, TensorSpec } from "../../mlflow/model-folder.ts";
import type { GraphInput } from "./graph-input.ts";
import { matchColumns } from "./match-columns.ts";
import { UnsupportedModel } from "./unsupported-model.ts";

/** What a model folder says of its inputs; neither where it was logged without a signature. */
export type InputSignature = Pick<ModelFolder, "signature" | "tensors">;

/** The named features of a model, and which of them each input takes, as places among them. */
export interface ModelColumns {
  readonly columns: readonly ColumnSpec[];
  readonly inputs: readonly (GraphInput & { readonly columns: readonly number[] })[];
}

/**
 * The features of a model: its signature's columns; where it has none (logged with arrays, or without a signature), the
 * graph's inputs, a column each. An input of several columns has them numbered: `x0`, `x1`, … as scikit-learn calls the
 * columns of an array, and with the input's name in place of the x where there are several inputs.
 *
 * @throws {@link UnsupportedModel} where they don't fit, or the graph doesn't say how many columns it takes.
 */
export function modelColumns(inputs: readonly GraphInput[], { signature, tensors }: InputSignature): ModelColumns {
  if (signature) {
    const columns = signature.inputs;
    refuseTwins(columns);
    const taken = matchColumns(inputs, columns);
    return { columns, inputs: inputs.map((input, at) => ({ ...input, columns: taken[at]! })) };
  }
  const columns: ColumnSpec[] = [];
  const placed = inputs.map((input) => {
    const own = ownColumns(input, inputs.length, tensorOf(input, inputs.length, tensors?.inputs));
    columns.push(...own);
    return { ...input, columns: own.map((_, at) => columns.length - own.length + at) };
  });
  refuseTwins(columns);
  return { columns, inputs: placed };
}

function refuseTwins(columns: readonly ColumnSpec[]): void {
  const twin = columns.find(({ name }, at) => columns.findIndex((other) => other.name === name) < at);
  if (twin) throw new UnsupportedModel(`it has two columns named ${twin.name}: a request couldn't tell them apart`);
}

function ownColumns(input: GraphInput, inputs: number, tensor: TensorSpec | undefined): ColumnSpec[] {
  const type = typeOf(input);
  const width = input.width ?? widthOf(tensor);
  if (width === undefined)
    throw new UnsupportedModel(
      `neither its signature nor its graph says how many features its input ${input.name} takes: log it with a signature`,
    );
  if (width === 1 && (inputs > 1 || tensor?.name !== undefined))
    return [{ name: tensor?.name ?? input.name, type, required: true }];
  const prefix = inputs > 1 ? `${input.name}_` : "x";
  return Array.from({ length: width }, (_, at) => ({ name: `${prefix}${at}`, type, required: true }));
}

function tensorOf({ name }: GraphInput, inputs: number, tensors: readonly TensorSpec[] = []): TensorSpec | undefined {
  return tensors.find((tensor) => tensor.name === name) ?? (inputs === 1 ? tensors[0] : undefined);
}

function widthOf(tensor: TensorSpec | undefined): number | undefined {
  const width = tensor?.shape[1];
  return width !== undefined && width > 0 ? width : undefined;
}

const types: Partial<Record<string, ColumnType>> = {
  float64: "double",
  float32: "float",
  int64: "long",
  uint32: "long",
  int32: "integer",
  int16: "integer",
  int8: "integer",
  uint16: "integer",
  uint8: "integer",
  bool: "boolean",
  string: "string",
};

function typeOf({ name, type }: GraphInput): ColumnType {
  const found = types[type];
  if (found) return found;
  throw new UnsupportedModel(`its input ${name} holds ${type}, expected one of ${Object.keys(types).join(", ")}`);
}
