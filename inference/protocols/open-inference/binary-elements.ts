import { isUtf8 } from "node:buffer";
import { InvalidFeatures } from "../../features/feature-problem.ts";
import type { Datatype } from "./datatypes.ts";

/**
 * The elements of a binary tensor: little-endian, row-major; a text behind its length in 4 bytes.
 *
 * @param count - how many there must be.
 * @throws InvalidFeatures where there are more or fewer, or a text is no UTF-8.
 */
export function binaryElements(datatype: Datatype, bytes: Buffer, count: number, path: string): ArrayLike<unknown> {
  if (!datatype.view) return texts(bytes, count, path);
  if (bytes.length !== count * datatype.size!)
    throw wrongLength(path, `${count * datatype.size!} bytes, ${count} elements of ${datatype.size}`, bytes.length);
  // A copy: where it lies in the body, it may not be aligned as a typed array needs it.
  return datatype.view(new Uint8Array(bytes).buffer);
}

const prefix = 4;

function texts(bytes: Buffer, count: number, path: string): string[] {
  const found: string[] = [];
  let at = 0;
  while (at + prefix <= bytes.length && found.length < count) {
    const from = at + prefix;
    at = from + bytes.readUInt32LE(at);
    if (at > bytes.length) break;
    const text = bytes.subarray(from, at);
    if (!isUtf8(text)) throw notUtf8(`${path}[${found.length}]`);
    found.push(text.toString("utf8"));
  }
  if (found.length === count && at === bytes.length) return found;
  throw wrongLength(path, `${count} texts, each behind its length in 4 bytes`, bytes.length);
}

function wrongLength(path: string, expected: string, bytes: number): InvalidFeatures {
  return new InvalidFeatures([{ path, problem: "length", expected, received: `${bytes} bytes` }]);
}

function notUtf8(path: string): InvalidFeatures {
  return new InvalidFeatures([{ path, problem: "type", expected: "a text in UTF-8", received: "other bytes" }]);
}
