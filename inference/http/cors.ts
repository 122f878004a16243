import { allowedMethods } from "./endpoint.ts";
import type { Exchange } from "./exchange.ts";

/** Beyond those that need no leave; `Inference-Header-Content-Length` tells the parts of a binary tensor body apart. */
const requestHeaders =
  "Authorization, Content-Type, X-Request-Id, traceparent, tracestate, Inference-Header-Content-Length";
const answerHeaders = "X-Request-Id, Retry-After, Inference-Header-Content-Length";
/** Seconds that a browser may remember what it may send. */
const maxAge = "600";

/** Adds what a browser needs to know to an answer. @returns whether that is the whole answer, and it is out. */
export type Cors = (exchange: Exchange) => boolean;

/**
 * Lets pages of other origins ask the service, without cookies: a token is all that opens it.
 * Source: the Fetch standard, "HTTP CORS protocol".
 *
 * @param origins - as browsers send them, `https://app.example.com`; `*` is all.
 */
export function allowOrigins(origins: readonly string[]): Cors {
  const any = origins.includes("*");
  const allowed = new Set(origins);
  return ({ request, response, route, headers }) => {
    const { origin } = request.headers;
    if (!any) headers.push("Vary", "Origin");
    if (origin === undefined || !(any || allowed.has(origin))) return false;
    headers.push("Access-Control-Allow-Origin", any ? "*" : origin, "Access-Control-Expose-Headers", answerHeaders);
    const asksFirst = request.method === "OPTIONS" && "access-control-request-method" in request.headers;
    if (!asksFirst || !route) return false;
    headers.push("Access-Control-Allow-Methods", allowedMethods(route.endpoint));
    headers.push("Access-Control-Allow-Headers", requestHeaders, "Access-Control-Max-Age", maxAge);
    response.writeHead(204, headers).end();
    return true;
  };
}
