import type { ColumnType } from "../../mlflow/model-folder.ts";
import { describe, InvalidFeatures, memberPath } from "../features/feature-problem.ts";
import type { FeatureRows } from "../features/feature-rows.ts";

/** The columns of rows that one tensor takes. */
export interface Selection {
  /** Places among the features of a row, in the tensor's order. */
  readonly columns: readonly number[];
  /** Their names. */
  readonly names: readonly string[];
  /** Features of a row. */
  readonly stride: number;
  /** Whether it is all features in order, so that the rows' numbers are the tensor's as they lie. */
  readonly all: boolean;
  /** The text that stands for a missing one. */
  readonly missingText: string;
}

type Numbers =
  | Float64Array
  | Float32Array
  | Int32Array
  | Int16Array
  | Int8Array
  | Uint32Array
  | Uint16Array
  | Uint8Array;

/** How tensors of one element type are filled. */
export interface ElementType {
  /** Columns whose values it can hold. */
  readonly holds: readonly ColumnType[];
  /** Whether it can hold a missing value. */
  readonly holdsMissing: boolean;
  /** The selected values, row by row. @throws InvalidFeatures for one beyond its range. */
  fill(rows: FeatureRows, selection: Selection): Numbers | BigInt64Array | readonly string[];
}

const whole: readonly ColumnType[] = ["long", "integer", "boolean"];
const floats = { holds: ["double", "float", ...whole], holdsMissing: true } as const;

/**
 * By ONNX Runtime's name. A number is rounded to a float32 as numpy rounds it. What is absent here, float16 among it,
 * ONNX Runtime's Node binding doesn't take, or no MLflow signature has columns for.
 */
export const elementTypes: Readonly<Record<string, ElementType>> = {
  float64: {
    ...floats,
    fill: (rows, selection) =>
      selection.all ? rows.values : gather(rows, selection, new Float64Array(size(rows, selection))),
  },
  float32: {
    ...floats,
    fill: (rows, selection) =>
      selection.all ? new Float32Array(rows.values) : gather(rows, selection, new Float32Array(size(rows, selection))),
  },
  int64: { holds: whole, holdsMissing: false, fill: gatherInt64 },
  int32: narrow(Int32Array, "a 32-bit integer"),
  int16: narrow(Int16Array, "a 16-bit integer"),
  int8: narrow(Int8Array, "an 8-bit integer"),
  uint32: narrow(Uint32Array, "an unsigned 32-bit integer"),
  uint16: narrow(Uint16Array, "an unsigned 16-bit integer"),
  uint8: narrow(Uint8Array, "an unsigned 8-bit integer"),
  bool: {
    holds: ["boolean"],
    holdsMissing: false,
    fill: (rows, selection) => gather(rows, selection, new Uint8Array(size(rows, selection))),
  },
  string: { holds: ["string"], holdsMissing: true, fill: gatherTexts },
};

function narrow(ArrayType: new (length: number) => Numbers, expected: string): ElementType {
  return {
    holds: whole,
    holdsMissing: false,
    fill: (rows, selection) => gatherExact(rows, selection, new ArrayType(size(rows, selection)), expected),
  };
}

function size({ count }: FeatureRows, { columns }: Selection): number {
  return count * columns.length;
}

function gather<T extends Numbers>({ count, values }: FeatureRows, { columns, stride }: Selection, into: T): T {
  let to = 0;
  for (let row = 0; row < count; row++)
    for (let at = 0; at < columns.length; at++) into[to++] = values[row * stride + columns[at]!]!;
  return into;
}

/** An array of integers wraps what is beyond its range, which must not pass for a value. */
function gatherExact(rows: FeatureRows, selection: Selection, into: Numbers, expected: string): Numbers {
  const { columns, names, stride } = selection;
  gather(rows, selection, into);
  for (let to = 0; to < into.length; to++) {
    const at = to % columns.length;
    const value = rows.values[((to - at) / columns.length) * stride + columns[at]!]!;
    if (into[to] === value) continue;
    const feature = names[at]!;
    throw new InvalidFeatures([
      { path: memberPath("", feature), feature, problem: "value", expected, received: describe(value) },
    ]);
  }
  return into;
}

/** In halves of 32 bits, low one first as on all of Node's processors: a BigInt each would be an allocation each. */
function gatherInt64({ count, values }: FeatureRows, { columns, stride }: Selection): BigInt64Array {
  const integers = new BigInt64Array(count * columns.length);
  const halves = new Int32Array(integers.buffer);
  let to = 0;
  for (let row = 0; row < count; row++)
    for (let at = 0; at < columns.length; at++) {
      const value = values[row * stride + columns[at]!]!;
      halves[to++] = value;
      halves[to++] = Math.floor(value / 2 ** 32);
    }
  return integers;
}

function gatherTexts({ count, values, texts }: FeatureRows, selection: Selection): readonly string[] {
  const { columns, stride, missingText } = selection;
  if (columns.length === 1 && missingText === "") return texts![columns[0]!]!;
  const gathered = Array<string>(count * columns.length);
  let to = 0;
  for (let row = 0; row < count; row++)
    for (let at = 0; at < columns.length; at++) {
      const column = columns[at]!;
      gathered[to++] = Number.isNaN(values[row * stride + column]) ? missingText : texts![column]![row]!;
    }
  return gathered;
}
