import type { Logger } from "pino";
import { Counter, Histogram, type Registry } from "prom-client";
import { harmless } from "../metrics/harmless.ts";
import type { Lookup, LookupObserver } from "./feature-client.ts";

/** Seconds; up to what the tries of one request may take. */
const buckets = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];
/** Seconds: a minute, 5, an hour, 6, a day, a week, 30 days, a year. */
const ageBuckets = [60, 300, 3600, 21_600, 86_400, 604_800, 2_592_000, 31_536_000];

/**
 * Counts lookups of features by entity: `ml_feature_lookup_duration_seconds{outcome}`,
 * `ml_feature_lookup_retries_total`, how old the oldest feature of each row was, `ml_feature_age_seconds`, and how many
 * rows had one beyond its TTL, `ml_feature_outside_ttl_rows_total`.
 */
export function observeLookups(registry: Registry, logger: Logger): LookupObserver {
  const registers = [registry];
  const duration = new Histogram({
    name: "ml_feature_lookup_duration_seconds",
    help: "How long Feast's feature server took to give the features of entities, by outcome: found, refused (unknown entity or missing feature), unavailable.",
    labelNames: ["outcome"],
    buckets,
    registers,
  });
  const retries = new Counter({
    name: "ml_feature_lookup_retries_total",
    help: "How often the feature server was asked again.",
    registers,
  });
  const age = new Histogram({
    name: "ml_feature_age_seconds",
    help: "How old the oldest feature of each row that was looked up was, by its event timestamp.",
    buckets: ageBuckets,
    registers,
  });
  const outsideTtl = new Counter({
    name: "ml_feature_outside_ttl_rows_total",
    help: "Rows that were looked up and have a feature older than its view's TTL, which training took as missing.",
    registers,
  });
  return harmless((lookup: Lookup) => {
    duration.observe({ outcome: lookup.outcome }, lookup.milliseconds / 1000);
    retries.inc(lookup.retries);
    if (lookup.outcome !== "found") return;
    outsideTtl.inc(lookup.rowsOutsideTtl);
    const now = Date.now();
    for (const time of lookup.asOf) if (!Number.isNaN(time)) age.observe(Math.max(now - time, 0) / 1000);
  }, logger);
}
