import type { Logger } from "pino";
import { Counter, Histogram, type Registry } from "prom-client";
import type { Observer } from "../http/exchange.ts";
import { harmless } from "./harmless.ts";

/** Seconds; from what the smallest answer takes to what no client waits for. */
const buckets = [0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];
const methods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/**
 * Counts each request when its answer is out: `http_requests_total{method,route,status}`, and how long it took from its
 * head to then, `http_request_duration_seconds{route,status}`. What a client sends never makes a new label: a path that
 * leads nowhere is `other`, as is a method that isn't one of the usual ones.
 */
export function countRequests(registry: Registry, logger: Logger): Observer {
  const registers = [registry];
  const total = new Counter({
    name: "http_requests_total",
    help: "Requests by method, route (or other) and status; 499 where the client went away before its answer.",
    labelNames: ["method", "route", "status"],
    registers,
  });
  const duration = new Histogram({
    name: "http_request_duration_seconds",
    help: "From a request's head to the end of its answer, by route (or other) and status.",
    labelNames: ["route", "status"],
    buckets,
    registers,
  });
  return harmless<Parameters<Observer>>(({ request, route: found }, status, milliseconds) => {
    const route = found?.endpoint.path ?? "other";
    const method = methods.has(request.method!) ? request.method! : "other";
    total.inc({ method, route, status });
    duration.observe({ route, status }, milliseconds / 1000);
  }, logger);
}
