import { createHash } from "node:crypto";

/** SHA-256 of bytes or of a text's UTF-8 bytes, in hex: what `sha256sum` prints. */
export function sha256Hex(content: Uint8Array | string): string {
  return createHash("sha256").update(content).digest("hex");
}
