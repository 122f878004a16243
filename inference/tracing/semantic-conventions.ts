import type { IncomingMessage } from "node:http";
import type { Attributes } from "@opentelemetry/api";
import type { Route } from "../http/router.ts";

/** Methods that may be told as they are: others come from clients that make them up. */
const methods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"]);
const longest = 256;

/**
 * A server span's name.
 * Source: OpenTelemetry's semantic conventions, https://opentelemetry.io/docs/specs/semconv/http/http-spans/
 */
export function spanName({ method = "" }: IncomingMessage, route: Route | undefined): string {
  const known = methods.has(method) ? method : "HTTP";
  return route ? `${known} ${route.endpoint.path}` : known;
}

/** A server span's attributes at its begin; the query isn't among them, which may hold what is nobody's business. */
export function requestAttributes(request: IncomingMessage, route: Route | undefined): Attributes {
  const { method = "", url = "", headers, httpVersion } = request;
  const known = methods.has(method);
  const [, address, port] = /^(.{1,256}?)(?::(\d{1,5}))?$/.exec(headers.host ?? "") ?? [];
  return {
    "http.request.method": known ? method : "_OTHER",
    ...(!known && { "http.request.method_original": method }),
    ...(route && { "http.route": route.endpoint.path }),
    "url.scheme": "http",
    "url.path": url.split("?", 1)[0]!.slice(0, longest),
    ...(address && { "server.address": address.replace(/^\[(.*)\]$/, "$1") }),
    ...(port && { "server.port": Number(port) }),
    "network.protocol.version": httpVersion,
    ...(headers["user-agent"] && { "user_agent.original": headers["user-agent"].slice(0, longest) }),
  };
}
