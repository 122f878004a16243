import { HttpProblem } from "./http-problem.ts";

/** What Node's parser and its clock find wrong with what a client sends. */
const problems: Readonly<Record<string, readonly [status: number, detail: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, "the request wasn't there in time"],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, "the body's chunk extensions are too long"],
  HPE_HEADER_OVERFLOW: [431, "the request's head is too long"],
  HPE_INVALID_EOF_STATE: [400, "the request broke off"],
  HPE_PAUSED_H2_UPGRADE: [400, "expected HTTP/1.1, got HTTP/2"],
};

/** The answer to bytes that are no request, or don't become one in time. The connection can't be read on after it. */
export function clientProblem(cause: NodeJS.ErrnoException): HttpProblem {
  const [status, detail] = problems[cause.code ?? ""] ?? [400, `expected HTTP/1.1, got: ${reasonOf(cause)}`];
  return new HttpProblem(status, detail, { cause });
}

/** The answer to CONNECT, which is for proxies. */
export function noTunnel(): HttpProblem {
  return new HttpProblem(405, "CONNECT isn't taken: this is no proxy", { headers: { Allow: "GET, HEAD, POST" } });
}

/** llhttp's own words, which say nothing of what was sent. */
function reasonOf({ message }: Error): string {
  return message.replace(/^Parse Error:? ?/, "") || "something else";
}
