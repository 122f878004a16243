import { isUtf8 } from "node:buffer";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { BodyParts } from "./body-parts.ts";
import { HttpProblem } from "./http-problem.ts";
import { jsonCosts, requireRoom } from "./room-to-parse.ts";

const close = { Connection: "close" };

/**
 * Reads a whole body.
 *
 * @param limit - bytes. What is longer is read on, unkept, so that the client gets to see the answer, up to four times as much.
 * @param hold - is told of each part that is kept, and throws where there is no room for it.
 * @throws HttpProblem 400 broken off, 413 too large, what `hold` throws, or what the server gives the request as its error.
 */
export function readBody(request: IncomingMessage, limit: number, hold: (bytes: number) => void): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const length = Number(request.headers["content-length"] ?? 0);
    const parts = new BodyParts(length <= limit ? length : 0);
    let size = 0;
    let refusal: unknown;
    const keep = (part: Buffer) => {
      try {
        hold(part.length);
        parts.add(part);
      } catch (error) {
        refusal = error;
      }
    };
    request.on("data", (part: Buffer) => {
      size += part.length;
      if (size > limit) refusal ??= new HttpProblem(413, `at most ${limit} bytes a body`, { headers: close });
      if (!refusal) return keep(part);
      parts.clear();
      if (size > 4 * limit) reject(refusal);
    });
    request.once("end", () => {
      if (refusal) reject(refusal);
      else resolve(parts.whole());
    });
    request.once("error", (cause) => {
      // Nothing that may still come is kept.
      refusal ??= cause instanceof HttpProblem ? cause : new HttpProblem(400, "the body broke off", { cause });
      reject(refusal);
    });
  });
}

/**
 * A body as JSON.
 *
 * @throws HttpProblem 400 malformed, 413 where it takes too much memory, 415 not JSON.
 */
export function parseJson(body: Buffer, headers: IncomingHttpHeaders): unknown {
  requireJson(headers);
  return parseText(decodeUtf8(body));
}

/** A body's text as JSON. @throws HttpProblem 400 malformed, 413 where it takes too much memory. */
export function parseText(text: string): unknown {
  requireRoom(text, jsonCosts);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new HttpProblem(400, `the body isn't JSON: ${(cause as Error).message}`, { cause });
  }
}

/** A body as text, without a byte order mark. @throws HttpProblem 400 where it isn't UTF-8. */
export function decodeUtf8(body: Buffer): string {
  if (!isUtf8(body)) throw new HttpProblem(400, "the body isn't UTF-8");
  const text = body.toString("utf8");
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

function requireJson(headers: IncomingHttpHeaders): void {
  requireIdentity(headers);
  const type = headers["content-type"] ?? "none";
  if (type === "application/json") return;
  if (!/^application\/json\s*(;|$)/i.test(type))
    throw new HttpProblem(415, `expected the Content-Type application/json, got ${type.slice(0, 80)}`);
  requireUtf8(type);
}

/** @throws HttpProblem 415 where a Content-Type names another charset than UTF-8 or ASCII. */
export function requireUtf8(type: string): void {
  const charset = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(type)?.[1];
  if (charset && !/^(utf-?8|us-ascii)$/i.test(charset))
    throw new HttpProblem(415, `expected a body in UTF-8, got the charset ${charset.slice(0, 40)}`);
}

/** @throws HttpProblem 415 where the body is compressed. */
export function requireIdentity(headers: IncomingHttpHeaders): void {
  const encoding = headers["content-encoding"] ?? "identity";
  if (encoding.toLowerCase() !== "identity")
    throw new HttpProblem(415, `expected a body without Content-Encoding, got ${encoding.slice(0, 40)}`);
}
