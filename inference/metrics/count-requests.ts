import type { ServerResponse } from "node:http";
import type { Context, Middleware } from "koa";
import type { Logger } from "pino";
import { Counter, Histogram, type Registry } from "prom-client";
import { pathOf } from "../http/routes.ts";
import { harmless } from "./harmless.ts";

/** Seconds; from what the smallest answer takes to what no client waits for. */
const buckets = [0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];
const methods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);
/** nginx's, for a client that went away before its answer was out. */
const clientClosedRequest = 499;

/**
 * Counts each request when its answer is out: `http_requests_total{method,route,status}`, and how long it took from its
 * head to then, `http_request_duration_seconds{route}`. What a client sends never makes a new label: a path that isn't
 * among `routes` is `other`, as is a method that isn't one of the usual ones.
 *
 * @param routes - the known paths.
 */
export function countRequests(registry: Registry, routes: Iterable<string>, logger: Logger): Middleware {
  const known = new Set(routes);
  const registers = [registry];
  const total = new Counter({
    name: "http_requests_total",
    help: "Requests by method, route (or other) and status; 499 where the client went away before its answer.",
    labelNames: ["method", "route", "status"],
    registers,
  });
  const duration = new Histogram({
    name: "http_request_duration_seconds",
    help: "From a request's head to the end of its answer, by route (or other).",
    labelNames: ["route"],
    buckets,
    registers,
  });
  const count = harmless((ctx: Context, start: number) => {
    const path = pathOf(ctx);
    const route = known.has(path) ? path : "other";
    const method = methods.has(ctx.method) ? ctx.method : "other";
    total.inc({ method, route, status: statusOf(ctx.res) });
    duration.observe({ route }, (performance.now() - start) / 1000);
  }, logger);
  return (ctx, next) => {
    const start = performance.now();
    ctx.res.once("close", () => count(ctx, start));
    return next();
  };
}

function statusOf({ writableFinished, statusCode }: ServerResponse): number {
  return writableFinished ? statusCode : clientClosedRequest;
}
