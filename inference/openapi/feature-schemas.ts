import type { ColumnSpec, ColumnType } from "../../mlflow/model-folder.ts";
import { largestFloat } from "../features/feature-column.ts";
import type { ReadOptions } from "../features/read-options.ts";
import type { Schema } from "./schema.ts";

const values: Record<ColumnType, Schema> = {
  double: { type: "number", format: "double" },
  float: { type: "number", format: "float", minimum: -largestFloat, maximum: largestFloat },
  long: { type: "integer", format: "int64", minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER },
  integer: { type: "integer", format: "int32", minimum: -(2 ** 31), maximum: 2 ** 31 - 1 },
  boolean: { type: ["boolean", "integer"], enum: [true, false, 1, 0] },
  string: { type: "string" },
};

/** One value of a feature, as `compileColumn` reads it. */
export function valueSchema({ type, required }: ColumnSpec): Schema {
  const value = values[type];
  if (required) return value;
  const types = Array.isArray(value.type) ? value.type : [value.type];
  return { ...value, type: [...types, "null"], ...(Array.isArray(value.enum) && { enum: [...value.enum, null] }) };
}

/** Rows as columns: an array a feature. */
export function inputsSchema(columns: readonly ColumnSpec[], options: ReadOptions): Schema {
  return {
    ...featuresSchema(columns, options, (column) => rowsSchema(valueSchema(column), options)),
    description: "One array a feature, with a value a row: all of the same length.",
    // Where no feature is required, one has to say all the same how many rows there are.
    minProperties: 1,
  };
}

/** Rows as objects: a value a feature. */
export function instanceSchema(columns: readonly ColumnSpec[], options: ReadOptions): Schema {
  return { ...featuresSchema(columns, options, valueSchema), description: "One row: a value a feature." };
}

/** An array with an item a row. */
export function rowsSchema(items: Schema, { rowLimit }: ReadOptions): Schema {
  return { type: "array", items, minItems: 1, maxItems: rowLimit };
}

/** An object with a member a feature. */
export function featuresSchema(
  columns: readonly ColumnSpec[],
  { ignoreUnknown }: ReadOptions,
  property: (column: ColumnSpec) => Schema,
): Schema {
  return {
    type: "object",
    properties: Object.fromEntries(columns.map((column) => [column.name, property(column)])),
    required: columns.filter(({ required }) => required).map(({ name }) => name),
    additionalProperties: ignoreUnknown,
  };
}
