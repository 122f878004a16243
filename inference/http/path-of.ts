import type { IncomingMessage } from "node:http";

const slash = 47;

/**
 * The path that a request asks for, as it was sent, without its query. A proxy's clients send a whole address, which a
 * server has to take (RFC 9112, 3.2.2).
 */
export function pathOf({ url = "" }: IncomingMessage): string {
  const query = url.indexOf("?");
  const target = query < 0 ? url : url.slice(0, query);
  if (target.charCodeAt(0) === slash) return target;
  return target.replace(/^https?:\/\/[^/]*/i, "") || "/";
}
