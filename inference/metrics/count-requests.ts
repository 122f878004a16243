import type { Logger } from "pino";
import type { Registry } from "prom-client";
import type { Endpoint } from "../http/endpoint.ts";
import type { Observer } from "../http/exchange.ts";
import { harmless } from "./harmless.ts";
import { HistogramCounts } from "./histogram-counts.ts";
import { registerScraped } from "./scraped-metric.ts";

/** Seconds; from what the smallest answer takes to what no client waits for. */
const bounds = [0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];
const methods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** Of one route and status. */
interface Answers {
  readonly labels: { readonly route: string; readonly status: number };
  readonly byMethod: Map<string, { count: number }>;
  readonly seconds: HistogramCounts;
}

/**
 * Counts each request when its answer is out: `http_requests_total{method,route,status}`, and how long it took from its
 * head to then, `http_request_duration_seconds{route,status}`. What a client sends never makes a new label: a path that
 * leads nowhere is `other`, as is a method that isn't one of the usual ones.
 */
export function countRequests(registry: Registry, logger: Logger): Observer {
  const byEndpoint = new Map<Endpoint | undefined, Map<number, Answers>>();
  const all = () => [...byEndpoint.values()].flatMap((byStatus) => [...byStatus.values()]);
  const total = "http_requests_total";
  const duration = "http_request_duration_seconds";
  registerScraped(
    registry,
    {
      name: total,
      help: "Requests by method, route (or other) and status; 499 where the client went away before its answer.",
      type: "counter",
    },
    () =>
      all().flatMap(({ labels, byMethod }) =>
        Array.from(byMethod, ([method, { count }]) => ({ labels: { method, ...labels }, value: count })),
      ),
  );
  registerScraped(
    registry,
    {
      name: duration,
      help: "From a request's head to the end of its answer, by route (or other) and status.",
      type: "histogram",
    },
    () => all().flatMap(({ labels, seconds }) => seconds.samples(duration, labels)),
  );
  return harmless<Parameters<Observer>>(({ request, route }, status, milliseconds) => {
    const { byMethod, seconds } = answersOf(byEndpoint, route?.endpoint, status);
    const method = methods.has(request.method!) ? request.method! : "other";
    const requests = byMethod.get(method);
    if (requests) requests.count += 1;
    else byMethod.set(method, { count: 1 });
    seconds.add(milliseconds / 1000);
  }, logger);
}

function answersOf(
  byEndpoint: Map<Endpoint | undefined, Map<number, Answers>>,
  endpoint: Endpoint | undefined,
  status: number,
): Answers {
  const known = byEndpoint.get(endpoint)?.get(status);
  if (known) return known;
  const labels = { route: endpoint?.path ?? "other", status };
  const made = { labels, byMethod: new Map(), seconds: new HistogramCounts(bounds) };
  const byStatus = byEndpoint.get(endpoint) ?? new Map();
  byEndpoint.set(endpoint, byStatus.set(status, made));
  return made;
}
