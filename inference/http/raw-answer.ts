import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { type HttpProblem, problemType } from "./http-problem.ts";
import { safeHeaders } from "./safe-headers.ts";

/** How long a connection whose last answer is out may go on sending, unread. */
const lingerMs = 1000;

/** A problem as the bytes of an answer, after which the connection closes: for where there is no request to answer by. */
export function rawAnswer(problem: HttpProblem): string {
  const body = JSON.stringify(problem);
  const headers = {
    Date: new Date().toUTCString(),
    ...safeHeaders,
    ...problem.headers,
    "Content-Type": problemType,
    "Content-Length": Buffer.byteLength(body),
    Connection: "close",
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`, ...lines, "", body].join("\r\n");
}

/**
 * Ends a connection with an answer. What its client still sends is dropped for a while: closing with bytes unread would
 * reset the connection, and its client might never see the answer.
 */
export function hangUp(socket: Socket, problem: HttpProblem): void {
  socket.on("error", () => {});
  socket.end(rawAnswer(problem));
  socket.resume();
  const cut = setTimeout(() => socket.destroy(), lingerMs);
  socket.once("close", () => clearTimeout(cut));
}
