import type { ColumnType } from "../../../mlflow/model-folder.ts";

/**
 * One of the protocol's tensor data types.
 * Source: https://github.com/kserve/open-inference-protocol, inference_rest.md, "Tensor Data Types".
 */
export interface Datatype {
  /** Bytes of an element; absent where they vary. */
  readonly size?: number;
  /** What {@link read} takes, in words. */
  readonly expected: string;
  /** An element as a feature's value, null where it is missing; undefined where it is none of this type. */
  read(element: unknown): unknown;
  /** Elements of a binary tensor, little-endian, as JSON would have them; absent where their size varies. */
  view?(bytes: ArrayBuffer): ArrayLike<unknown>;
}

/** Those of tensors that are read. */
export const datatypes: ReadonlyMap<string, Datatype> = new Map<string, Datatype>([
  ["BOOL", { size: 1, expected: "true or false", read: readBoolean, view: (bytes) => new Uint8Array(bytes) }],
  ["UINT8", { size: 1, ...integer(0, 2 ** 8 - 1), view: (bytes) => new Uint8Array(bytes) }],
  ["UINT16", { size: 2, ...integer(0, 2 ** 16 - 1), view: (bytes) => new Uint16Array(bytes) }],
  ["UINT32", { size: 4, ...integer(0, 2 ** 32 - 1), view: (bytes) => new Uint32Array(bytes) }],
  ["UINT64", { size: 8, ...integer(0, Number.MAX_SAFE_INTEGER), view: (bytes) => wide(new Uint32Array(bytes), bytes) }],
  ["INT8", { size: 1, ...integer(-(2 ** 7), 2 ** 7 - 1), view: (bytes) => new Int8Array(bytes) }],
  ["INT16", { size: 2, ...integer(-(2 ** 15), 2 ** 15 - 1), view: (bytes) => new Int16Array(bytes) }],
  ["INT32", { size: 4, ...integer(-(2 ** 31), 2 ** 31 - 1), view: (bytes) => new Int32Array(bytes) }],
  [
    "INT64",
    {
      size: 8,
      ...integer(-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
      view: (bytes) => wide(new Int32Array(bytes), bytes),
    },
  ],
  ["FP16", { size: 2, ...float(Math.f16round), view: (bytes) => new Float16Array(bytes) }],
  ["FP32", { size: 4, ...float(Math.fround), view: (bytes) => new Float32Array(bytes) }],
  ["FP64", { size: 8, ...float((value) => value), view: (bytes) => new Float64Array(bytes) }],
  ["BYTES", { expected: "a text", read: readText }],
]);

/** The datatype of a column of each type, as the model's metadata says it. */
export const datatypeOf: Readonly<Record<ColumnType, string>> = {
  double: "FP64",
  float: "FP32",
  long: "INT64",
  integer: "INT32",
  boolean: "BOOL",
  string: "BYTES",
};

function integer(least: number, most: number): Pick<Datatype, "expected" | "read"> {
  return {
    expected: `an integer from ${least} to ${most}`,
    read: (value) =>
      value === null || (Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most)
        ? value
        : undefined,
  };
}

/** @param round - to the nearest of the type, as a tensor of it would hold the number. */
function float(round: (value: number) => number): Pick<Datatype, "expected" | "read"> {
  return {
    expected: "a number",
    read(value) {
      if (typeof value === "number") return Number.isNaN(value) ? null : round(value);
      return value === null ? null : undefined;
    },
  };
}

function readBoolean(value: unknown): unknown {
  if (value === 1) return true;
  if (value === 0) return false;
  return typeof value === "boolean" || value === null ? value : undefined;
}

function readText(value: unknown): unknown {
  return typeof value === "string" || value === null ? value : undefined;
}

/** 64-bit integers as numbers; those beyond 53 bits come out as such, if not exactly, so that they are refused. */
function wide(words: Int32Array | Uint32Array, bytes: ArrayBuffer): Float64Array {
  const low = new Uint32Array(bytes);
  const values = new Float64Array(low.length / 2);
  for (let at = 0; at < values.length; at++) values[at] = words[2 * at + 1]! * 2 ** 32 + low[2 * at]!;
  return values;
}
