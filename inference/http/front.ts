import { randomUUID } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Protocol } from "../prediction/protocol.ts";
import type { TraceContext } from "../tracing/trace-context.ts";
import type { Cors } from "./cors.ts";
import { toProblem, writeProblem } from "./errors.ts";
import type { Exchange, Gate, Observer } from "./exchange.ts";
import { pathOf } from "./path-of.ts";
import type { Route } from "./router.ts";
import { safeHeaders } from "./safe-headers.ts";

/** What {@link createFront} puts together. */
export interface FrontParts {
  readonly router: (path: string) => Route | undefined;
  /** Before the gates: what asks whether it may ask has no token yet. */
  readonly cors?: Cors | undefined;
  /** See {@link Exchange.trace}. */
  readonly trace: (request: IncomingMessage, route: Route | undefined) => TraceContext | undefined;
  /** Asked in this order. */
  readonly gates: readonly Gate[];
  readonly observers: readonly Observer[];
  /** Answers a prediction. */
  readonly predict: (exchange: Exchange, protocol: Protocol) => void;
  /** Answers all else. */
  readonly app: (exchange: Exchange) => void;
  /** Whether connections are to close after their answer. */
  readonly closing: () => boolean;
}

/**
 * What every request meets first, and every answer last. Predictions, which are the many, go on from here by themselves;
 * the rest goes through Koa, whose context costs as much as all that a prediction takes.
 */
export function createFront(parts: FrontParts): RequestListener {
  const { router, trace: traceOf, cors, gates, observers, predict, app, closing } = parts;
  return (request, response) => {
    const path = pathOf(request);
    const route = router(path);
    const id = idOf(request);
    const headers = ["X-Request-Id", id, ...always];
    // Tells keep-alive clients to connect anew, elsewhere: closing under them would fail the request they are about to send.
    if (closing()) response.shouldKeepAlive = false;
    const start = performance.now();
    const trace = traceOf(request, route);
    const exchange: Exchange = { request, response, path, route, id, trace, start, headers };
    response.once("close", () => {
      const milliseconds = performance.now() - exchange.start;
      const status = statusOf(response);
      for (const observe of observers) observe(exchange, status, milliseconds);
    });
    if (cors?.(exchange)) return;
    try {
      for (const pass of gates) pass(exchange);
    } catch (error) {
      return writeProblem(exchange, toProblem(error));
    }
    const post = request.method === "POST" ? route?.endpoint.POST : undefined;
    if (post && typeof post !== "function") return predict(exchange, post);
    for (let at = 0; at < headers.length; at += 2) response.setHeader(headers[at]!, headers[at + 1]!);
    app(exchange);
  };
}

const always = Object.entries(safeHeaders).flat();

/** nginx's, for a client that went away before its answer was out. */
const clientClosedRequest = 499;

function statusOf({ writableFinished, statusCode }: ServerResponse): number {
  return writableFinished ? statusCode : clientClosedRequest;
}

function idOf({ headers }: IncomingMessage): string {
  const given = headers["x-request-id"];
  return typeof given === "string" && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID();
}
