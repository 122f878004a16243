import type { ColumnSpec } from "../../mlflow/model-folder.ts";
import { UnsupportedModel } from "../model/unsupported-model.ts";

/** A column of the model's signature, compiled once for reading values of request bodies. */
export interface FeatureColumn {
  readonly name: string;
  /** Whether null, or the whole feature's absence, stands for a missing value. */
  readonly optional: boolean;
  /** What {@link read} accepts, in words. */
  readonly expected: string;
  /** The value as a number (NaN: missing), or undefined where it is ill-typed. */
  read(value: unknown): number | undefined;
}

const largestFloat = 2 ** 127 * (2 - 2 ** -23);

const readers: Record<Exclude<ColumnSpec["type"], "string">, [expected: string, (value: unknown) => boolean]> = {
  double: ["a finite number", (value) => Number.isFinite(value)],
  float: [
    "a finite number in the range of a 32-bit float",
    (value) => typeof value === "number" && Math.abs(value) <= largestFloat,
  ],
  long: ["an integer of at most 53 bits", (value) => Number.isSafeInteger(value)],
  integer: ["a 32-bit integer", (value) => typeof value === "number" && (value | 0) === value],
  boolean: ["true or false", (value) => typeof value === "boolean" || value === 0 || value === 1],
};

/**
 * @throws {@link UnsupportedModel} where the column holds strings.
 */
export function compileColumn(spec: ColumnSpec): FeatureColumn {
  const { name, type, required } = spec;
  if (type === "string")
    throw new UnsupportedModel(
      `column ${JSON.stringify(name)} holds strings, and only numbers and booleans are served`,
    );
  const [expected, accepts] = readers[type];
  return {
    name,
    optional: !required,
    expected: required ? expected : `${expected}, or null`,
    read(value) {
      if (accepts(value)) return Number(value);
      return value === null && !required ? Number.NaN : undefined;
    },
  };
}
