import type { Metric, Registry } from "prom-client";

/** One line of a metric. */
export interface Sample {
  /** Where it isn't the metric's own: that name with `_bucket`, `_sum` or `_count`. */
  readonly metricName?: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

/** A metric's head. */
export interface MetricHead {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "histogram" | "summary";
}

/**
 * Registers a metric that is kept elsewhere, in plain numbers, and put into samples when it is scraped. prom-client's own
 * classes look up a hash of the labels at each observation, which costs more than all else that is counted of a request.
 */
export function registerScraped(registry: Registry, head: MetricHead, read: () => readonly Sample[]): void {
  const metric = { ...head, get: async () => ({ ...head, values: read() }) };
  // The types know prom-client's own classes alone; the registry asks a metric for no more than this (lib/registry.js).
  registry.registerMetric(metric as unknown as Metric);
}
