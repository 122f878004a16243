/** A type by its name in `feast.types`: `Int64`, `Array(String)`, …; others as `ValueType 36`, their number in `Value.proto`. */
export type FeastType = string;

/** The type of a column of numbers, in MLflow's terms. */
export type NumericType = "double" | "float" | "long" | "integer" | "boolean";

/** Numbers and names of `feast.types.ValueType.Enum` (Feast 0.67, protos/feast/types/Value.proto). */
const names: Readonly<Record<number, FeastType>> = {
  1: "Bytes",
  2: "String",
  3: "Int32",
  4: "Int64",
  5: "Float64",
  6: "Float32",
  7: "Bool",
  8: "UnixTimestamp",
  11: "Array(Bytes)",
  12: "Array(String)",
  13: "Array(Int32)",
  14: "Array(Int64)",
  15: "Array(Float64)",
  16: "Array(Float32)",
  17: "Array(Bool)",
  18: "Array(UnixTimestamp)",
};

/** The name of a `ValueType` number. */
export function feastType(value: number): FeastType {
  return names[value] ?? `ValueType ${value}`;
}

const numericTypes: Readonly<Record<FeastType, NumericType>> = {
  Int32: "long",
  Int64: "long",
  Float32: "double",
  Float64: "double",
  Bool: "boolean",
};

/** The column type a model gets for a feature, or undefined where the feature is no number. */
export function numericType(type: FeastType): NumericType | undefined {
  return numericTypes[type];
}
