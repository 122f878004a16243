import type { IncomingHttpHeaders } from "node:http";
import { invalidValue, isObject } from "../../features/feature-problem.ts";
import { HttpProblem } from "../../http/http-problem.ts";
import { decodeUtf8, requireIdentity } from "../../http/read-body.ts";
import { parsePythonJson } from "../python-json.ts";

/** A request to infer: its JSON, of which only the outline is checked, and what follows the JSON. */
export interface InferRequest {
  readonly id: string | undefined;
  readonly inputs: readonly unknown[];
  /** Absent where all are asked for. */
  readonly outputs: readonly RequestedOutput[] | undefined;
  /** Whether outputs that don't say so themselves are to be binary. */
  readonly binary: boolean;
  /** Contents of the binary tensors, one behind the other. */
  readonly tail: Buffer;
}

/** An output that is asked for. */
export interface RequestedOutput {
  readonly name: string;
  /** Absent where the request's own default holds. */
  readonly binary: boolean | undefined;
}

/**
 * Reads a body as the protocol has it: JSON, or JSON of as many bytes as the header Inference-Header-Content-Length
 * says, and binary tensors behind it. Members that the protocol doesn't name are passed over.
 * Source: https://github.com/kserve/open-inference-protocol, inference_rest.md, and its binary tensor data extension,
 * https://github.com/triton-inference-server/server, docs/protocol/extension_binary_data.md.
 *
 * @throws HttpProblem 400 malformed, 415 compressed or of another type.
 * @throws InvalidFeatures where the outline isn't that of a request.
 */
export function readInferRequest(body: Buffer, headers: IncomingHttpHeaders): InferRequest {
  requireKnownType(headers);
  const length = headerLength(headers, body.length);
  const json = parsePythonJson(decodeUtf8(length === body.length ? body : body.subarray(0, length)));
  if (!isObject(json)) throw invalidValue("body", "an object with inputs", json);
  const { id, inputs, outputs = [], parameters = {} } = json;
  if (id !== undefined && typeof id !== "string") throw invalidValue("id", "a text", id);
  if (!Array.isArray(inputs)) throw invalidValue("inputs", "an array of tensors", inputs);
  if (!Array.isArray(outputs)) throw invalidValue("outputs", "an array of the outputs wanted", outputs);
  const tail = body.subarray(length);
  const binary = flag(parameters, "binary_data_output", "parameters") ?? false;
  return { id, inputs, outputs: outputs.length > 0 ? outputs.map(readOutput) : undefined, binary, tail };
}

function readOutput(output: unknown, at: number): RequestedOutput {
  const path = `outputs[${at}]`;
  if (!isObject(output)) throw invalidValue(path, "an object with a name", output);
  const { name, parameters = {} } = output;
  if (typeof name !== "string") throw invalidValue(`${path}.name`, "a text", name);
  const binary = flag(parameters, "binary_data", `${path}.parameters`);
  for (const extension of ["classification", "shared_memory_region"])
    if (Object.hasOwn(parameters as object, extension))
      throw invalidValue(`${path}.parameters.${extension}`, "no extension but binary_tensor_data", output, "unknown");
  return { name, binary };
}

/** A parameter that is true or false; undefined where it isn't given. */
function flag(parameters: unknown, name: string, path: string): boolean | undefined {
  if (!isObject(parameters)) throw invalidValue(path, "an object", parameters);
  const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
  if (value === undefined || typeof value === "boolean") return value;
  throw invalidValue(`${path}.${name}`, "true or false", value);
}

/** The protocol's clients send JSON without a type, or with one of these. */
function requireKnownType(headers: IncomingHttpHeaders): void {
  requireIdentity(headers);
  const type = headers["content-type"];
  if (type === undefined || type === "application/json" || type === "application/octet-stream") return;
  if (!/^application\/(json|octet-stream)\s*(;|$)/i.test(type))
    throw new HttpProblem(
      415,
      `expected the Content-Type application/json or application/octet-stream, got ${type.slice(0, 80)}`,
    );
}

/** Bytes of the body that are JSON. */
function headerLength(headers: IncomingHttpHeaders, bytes: number): number {
  const header = headers["inference-header-content-length"];
  if (header === undefined) return bytes;
  const length = typeof header === "string" && /^\d{1,15}$/.test(header) ? Number(header) : Number.NaN;
  if (length <= bytes) return length;
  throw new HttpProblem(
    400,
    `expected Inference-Header-Content-Length to be the bytes of the JSON, at most the ${bytes} of the body, got ${String(header).slice(0, 40)}`,
  );
}
