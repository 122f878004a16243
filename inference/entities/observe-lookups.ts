import type { Logger } from "pino";
import type { Registry } from "prom-client";
import { harmless } from "../metrics/harmless.ts";
import { HistogramCounts } from "../metrics/histogram-counts.ts";
import { partByPart } from "../metrics/part-by-part.ts";
import { registerScraped } from "../metrics/scraped-metric.ts";
import type { Lookup, LookupObserver } from "./feature-client.ts";

/** Seconds; up to what the tries of one request may take. */
const bounds = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];
/** Seconds: a minute, 5, an hour, 6, a day, a week, 30 days, a year. */
const ageBounds = [60, 300, 3600, 21_600, 86_400, 604_800, 2_592_000, 31_536_000];
const outcomes = ["found", "refused", "unavailable"] as const;

/**
 * Counts lookups of features by entity: `ml_feature_lookup_duration_seconds{outcome}`,
 * `ml_feature_lookup_retries_total`, how old the oldest feature of each row was, `ml_feature_age_seconds`, and how many
 * rows had one beyond its TTL, `ml_feature_outside_ttl_rows_total`.
 */
export function observeLookups(registry: Registry, logger: Logger): LookupObserver {
  const seconds = new Map(outcomes.map((outcome) => [outcome, new HistogramCounts(bounds)]));
  const ages = new HistogramCounts(ageBounds);
  let retries = 0;
  let outsideTtl = 0;
  const counter = (name: string, help: string, read: () => number) =>
    registerScraped(registry, { name, help, type: "counter" }, () => [{ labels: {}, value: read() }]);

  const duration = "ml_feature_lookup_duration_seconds";
  const durationHelp =
    "How long it took to look the features of entities up, by outcome: found, refused (an unknown entity, a missing feature), unavailable.";
  registerScraped(registry, { name: duration, help: durationHelp, type: "histogram" }, () =>
    [...seconds].flatMap(([outcome, counts]) => counts.samples(duration, { outcome })),
  );
  const age = "ml_feature_age_seconds";
  const ageHelp = "How old the oldest feature of each row was that was looked up, by its event timestamp.";
  registerScraped(registry, { name: age, help: ageHelp, type: "histogram" }, () => ages.samples(age));
  counter("ml_feature_lookup_retries_total", "How often the feature server was asked again.", () => retries);
  counter(
    "ml_feature_outside_ttl_rows_total",
    "Rows that were looked up and have a feature older than its view's TTL, which training took as missing.",
    () => outsideTtl,
  );

  const countAges = harmless(({ asOf }: Lookup, now: number, from: number, to: number) => {
    for (let row = from; row < to; row++) {
      const ageMs = now - asOf[row]!;
      if (!Number.isNaN(ageMs)) ages.add(Math.max(ageMs, 0) / 1000);
    }
  }, logger);
  return harmless((lookup: Lookup) => {
    seconds.get(lookup.outcome)!.add(lookup.milliseconds / 1000);
    retries += lookup.retries;
    if (lookup.outcome !== "found") return;
    outsideTtl += lookup.rowsOutsideTtl;
    const now = Date.now();
    partByPart(lookup.rows, (from, to) => countAges(lookup, now, from, to));
  }, logger);
}
