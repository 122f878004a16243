import type { IncomingMessage } from "node:http";
import { HttpProblem } from "./http-problem.ts";

const decoder = new TextDecoder("utf-8", { fatal: true });

/**
 * Reads a JSON body.
 *
 * @param limit - bytes. What is longer is read on, unkept, so that the client gets to see the answer, up to four times as much.
 * @throws HttpProblem 400 malformed, 413 too large, 415 not JSON.
 */
export async function readJson(request: IncomingMessage, limit: number): Promise<unknown> {
  requireJson(request);
  const bytes = await readBody(request, limit);
  const text = decode(bytes);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new HttpProblem(400, `the body isn't JSON: ${(cause as Error).message}`, { cause });
  }
}

function requireJson({ headers }: IncomingMessage): void {
  const type = headers["content-type"] ?? "none";
  if (!/^application\/json\s*(;|$)/i.test(type))
    throw new HttpProblem(415, `expected the Content-Type application/json, got ${type.slice(0, 80)}`);
  const charset = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(type)?.[1];
  if (charset && !/^(utf-?8|us-ascii)$/i.test(charset))
    throw new HttpProblem(415, `expected JSON in UTF-8, got the charset ${charset.slice(0, 40)}`);
  const encoding = headers["content-encoding"] ?? "identity";
  if (encoding.toLowerCase() !== "identity")
    throw new HttpProblem(415, `expected a body without Content-Encoding, got ${encoding.slice(0, 40)}`);
}

function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const tooLarge = () =>
      reject(new HttpProblem(413, `at most ${limit} bytes a body`, { headers: { Connection: "close" } }));
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      else if (size > 4 * limit) tooLarge();
      else chunks.length = 0;
    });
    request.once("end", () => (size > limit ? tooLarge() : resolve(Buffer.concat(chunks))));
    request.once("error", (cause) => reject(new HttpProblem(400, "the body broke off", { cause })));
  });
}

function decode(bytes: Buffer): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new HttpProblem(400, "the body isn't UTF-8", { cause });
  }
}
