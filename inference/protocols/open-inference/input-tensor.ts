import { invalidValue, isObject, TooManyRows } from "../../features/feature-problem.ts";
import { binaryElements } from "./binary-elements.ts";
import { type Datatype, datatypes } from "./datatypes.ts";
import type { InferRequest } from "./infer-request.ts";
import { jsonElements } from "./json-elements.ts";

/** A tensor of a request: of one feature, or of all. */
export interface InputTensor {
  readonly name: string;
  readonly datatype: Datatype;
  readonly rows: number;
  /** Values a row. */
  readonly width: number;
  /** Whether its shape has two dimensions, if only [rows, 1]. */
  readonly matrix: boolean;
  /** rows x width, row-major. */
  readonly elements: ArrayLike<unknown>;
  /** Where it came from, for problems. */
  readonly path: string;
}

/**
 * The tensors of a request, each with as many elements as its shape says.
 *
 * @throws InvalidFeatures
 * @throws TooManyRows
 */
export function readTensors({ inputs, tail }: InferRequest, rowLimit: number): InputTensor[] {
  let from = 0;
  const tensors = inputs.map((input, at) => {
    const path = `inputs[${at}]`;
    const { size, ...tensor } = readTensor(input, path, tail.subarray(from), rowLimit);
    from += size;
    return tensor;
  });
  if (from !== tail.length)
    throw invalidValue(
      "inputs",
      `binary_data_size to be ${tail.length} together, as many bytes as follow the JSON`,
      from,
    );
  return tensors;
}

/** @param tail - that begins with the tensor's own bytes, where it has any: their number is the result's `size`. */
function readTensor(input: unknown, path: string, tail: Buffer, rowLimit: number): InputTensor & { size: number } {
  if (!isObject(input)) throw invalidValue(path, "a tensor: an object with name, shape, datatype and data", input);
  const { name, shape, datatype: type, parameters = {}, data } = input;
  if (typeof name !== "string") throw invalidValue(`${path}.name`, "a text", name);
  const datatype = typeof type === "string" ? datatypes.get(type) : undefined;
  if (!datatype) throw invalidValue(`${path}.datatype`, `one of ${[...datatypes.keys()].join(", ")}`, type);
  const dims = readShape(shape, path);
  const [rows, width = 1] = dims;
  if (rows > rowLimit) throw new TooManyRows(rowLimit, rows);
  const size = binarySize(parameters, `${path}.parameters`);
  const tensor = { name, datatype, rows, width, matrix: dims.length === 2, path };
  if (size === undefined) return { ...tensor, elements: jsonElements(data, rows, width, `${path}.data`), size: 0 };
  if (data !== undefined) throw invalidValue(`${path}.data`, "no data beside a binary_data_size", data, "unknown");
  if (size > tail.length)
    throw invalidValue(`${path}.parameters.binary_data_size`, `at most the ${tail.length} bytes that are left`, size);
  return { ...tensor, elements: binaryElements(datatype, tail.subarray(0, size), rows * width, path), size };
}

function readShape(shape: unknown, path: string): [rows: number, width?: number] {
  if (Array.isArray(shape) && (shape.length === 1 || shape.length === 2) && shape.every(isLength))
    return shape as [number, number?];
  throw invalidValue(`${path}.shape`, "[rows], [rows, 1] or [rows, features]", shape);
}

function isLength(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** undefined where the tensor isn't binary. */
function binarySize(parameters: unknown, path: string): number | undefined {
  if (!isObject(parameters)) throw invalidValue(path, "an object", parameters);
  if (Object.hasOwn(parameters, "shared_memory_region"))
    throw invalidValue(`${path}.shared_memory_region`, "no extension but binary_tensor_data", parameters, "unknown");
  const { binary_data_size: size } = parameters;
  if (size === undefined || isLength(size)) return size as number | undefined;
  throw invalidValue(`${path}.binary_data_size`, "a number of bytes", size);
}
