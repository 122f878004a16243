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
  /** Of the request's tail, that are its own; 0 where it came as JSON. */
  readonly bytes: number;
  /** Where it came from, for problems. */
  readonly path: string;
}

/**
 * The tensors of a request, each with as many elements as its shape says.
 *
 * @throws InvalidFeatures
 * @throws TooManyRows
 */
export function readTensors({ inputs, tail }: InferRequest, rowLimit: number): readonly InputTensor[] {
  const tensors: InputTensor[] = [];
  let from = 0;
  for (let at = 0; at < inputs.length; at++) {
    const tensor = readTensor(inputs[at], `inputs[${at}]`, tail, from, rowLimit);
    from += tensor.bytes;
    tensors.push(tensor);
  }
  if (from === tail.length) return tensors;
  throw invalidValue(
    "inputs",
    `binary_data_size to be ${tail.length} together, as many bytes as follow the JSON`,
    from,
  );
}

/** @param from - where the tensor's own bytes begin in the tail, where it has any. */
function readTensor(input: unknown, path: string, tail: Buffer, from: number, rowLimit: number): InputTensor {
  if (!isObject(input)) throw invalidValue(path, "a tensor: an object with name, shape, datatype and data", input);
  const { name, shape, datatype: type, parameters, data } = input;
  if (typeof name !== "string") throw invalidValue(`${path}.name`, "a text", name);
  const datatype = typeof type === "string" ? datatypes.get(type) : undefined;
  if (!datatype) throw invalidValue(`${path}.datatype`, `one of ${[...datatypes.keys()].join(", ")}`, type);
  const dims = readShape(shape, path);
  const [rows, width = 1] = dims;
  if (rows > rowLimit) throw new TooManyRows(rowLimit, rows);
  const size = parameters === undefined ? undefined : binarySize(parameters, `${path}.parameters`);
  const elements =
    size === undefined
      ? jsonElements(data, rows, width, path)
      : binaryElements(datatype, bytesOf(size, tail, from, data, path), rows * width, path);
  return { name, datatype, rows, width, matrix: dims.length === 2, elements, bytes: size ?? 0, path };
}

function bytesOf(size: number, tail: Buffer, from: number, data: unknown, path: string): Buffer {
  if (data !== undefined) throw invalidValue(`${path}.data`, "no data beside a binary_data_size", data, "unknown");
  const left = tail.length - from;
  if (size <= left) return tail.subarray(from, from + size);
  throw invalidValue(`${path}.parameters.binary_data_size`, `at most the ${left} bytes that are left`, size);
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
