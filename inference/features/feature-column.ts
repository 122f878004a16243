import type { ColumnSpec } from "../../mlflow/model-folder.ts";

/** A column of the model's signature, compiled once for reading values of request bodies. */
export interface FeatureColumn {
  readonly name: string;
  /** Whether null, or the whole feature's absence, stands for a missing value. */
  readonly optional: boolean;
  /** Whether its values are texts. */
  readonly text: boolean;
  /** What {@link read} accepts, in words. */
  readonly expected: string;
  /** The value as a number (NaN: missing; 0: a text), or undefined where it is ill-typed. */
  read(value: unknown): number | undefined;
}

/** Of a 32-bit float. */
export const largestFloat = 2 ** 127 * (2 - 2 ** -23);

const readers: Record<ColumnSpec["type"], [expected: string, (value: unknown) => boolean]> = {
  double: ["a finite number", (value) => Number.isFinite(value)],
  float: [
    "a finite number in the range of a 32-bit float",
    (value) => typeof value === "number" && Math.abs(value) <= largestFloat,
  ],
  long: ["an integer of at most 53 bits", (value) => Number.isSafeInteger(value)],
  integer: ["a 32-bit integer", (value) => typeof value === "number" && (value | 0) === value],
  boolean: ["true or false", (value) => typeof value === "boolean" || value === 0 || value === 1],
  string: ["a text", (value) => typeof value === "string"],
};

/** Compiles the columns of a signature, in order. */
export function compileColumns(specs: readonly ColumnSpec[]): FeatureColumn[] {
  return specs.map(compileColumn);
}

export function compileColumn({ name, type, required }: ColumnSpec): FeatureColumn {
  const [expected, accepts] = readers[type];
  const text = type === "string";
  return {
    name,
    optional: !required,
    text,
    expected: required ? expected : `${expected}, or null`,
    read(value) {
      if (accepts(value)) return text ? 0 : Number(value);
      return value === null && !required ? Number.NaN : undefined;
    },
  };
}
