import { MlflowError } from "../error.ts";
import { parseJson } from "./json.ts";
import type { ColumnSpec, ColumnType, Signature, TensorSignature, TensorSpec } from "./types.ts";

const columnTypes: ReadonlySet<string> = new Set<ColumnType>([
  "double",
  "float",
  "long",
  "integer",
  "boolean",
  "string",
]);

/** A schema as MLmodel stores it: a JSON list in a string. */
type StoredSchema = string | null | undefined;

/** One entry of a stored schema: a column, or `type: tensor` with its tensor-spec. */
interface StoredSpec {
  readonly type: unknown;
  readonly name?: string;
  readonly required?: boolean;
  readonly "tensor-spec"?: { readonly dtype: string; readonly shape: readonly number[] };
}

/** The `signature` entry of an MLmodel file, in Python's notation. */
export function signatureEntry(signature: Signature): { inputs: string; outputs: string; params: null } {
  return { inputs: schemaJson(signature.inputs), outputs: schemaJson(signature.outputs), params: null };
}

/** A schema as Python's `json.dumps` prints it: a space after each comma and colon. */
function schemaJson(columns: readonly ColumnSpec[]): string {
  const entries = columns.map(
    ({ name, type, required }) =>
      `{"type": ${JSON.stringify(type)}, "name": ${JSON.stringify(name)}, "required": ${required}}`,
  );
  return `[${entries.join(", ")}]`;
}

/**
 * Reads an MLmodel file's `signature` entry.
 *
 * @returns `signature` where the inputs are named columns, `tensors` where they are tensors, neither where nothing usable is declared.
 * @throws MlflowError for a column of a type that no numeric model takes, such as a date or an array.
 */
export function parseSignature(
  entry: { readonly inputs?: StoredSchema; readonly outputs?: StoredSchema } | null | undefined,
  where: string,
): { signature?: Signature; tensors?: TensorSignature } {
  const inputs = specs(entry?.inputs, where);
  const outputs = specs(entry?.outputs, where);
  if (inputs.length === 0) return {};
  if (inputs.every(isTensor))
    return { tensors: { inputs: inputs.map(toTensor), outputs: outputs.filter(isTensor).map(toTensor) } };
  if (inputs.some((spec) => spec.name === undefined)) return {};
  return {
    signature: {
      inputs: inputs.map((spec) => toColumn(spec, where)),
      outputs: outputs.some((spec) => isTensor(spec) || spec.name === undefined)
        ? []
        : outputs.map((spec) => toColumn(spec, where)),
    },
  };
}

function specs(schema: StoredSchema, where: string): readonly StoredSpec[] {
  if (schema === undefined || schema === null) return [];
  const list = parseJson(schema, `${where}: signature`);
  if (!Array.isArray(list)) throw new MlflowError(`${where}: expected a list of columns as signature, got ${schema}`);
  // pandas numbers the columns of a DataFrame that was made without names.
  return list.map((spec) => (typeof spec.name === "number" ? { ...spec, name: String(spec.name) } : spec));
}

function isTensor(spec: StoredSpec): boolean {
  return spec.type === "tensor";
}

function toTensor(spec: StoredSpec): TensorSpec {
  const { dtype = "", shape = [] } = spec["tensor-spec"] ?? {};
  return { ...(spec.name === undefined ? {} : { name: spec.name }), dtype, shape };
}

function toColumn(spec: StoredSpec, where: string): ColumnSpec {
  const { name = "", type, required = true } = spec;
  if (typeof type !== "string" || !columnTypes.has(type))
    throw new MlflowError(
      `${where}: expected column ${name} of the signature to be one of ${[...columnTypes].join(", ")}, got ${JSON.stringify(type)}`,
    );
  return { name, type: type as ColumnType, required };
}
