import test from "ava";
import { pino } from "pino";
import { Registry } from "prom-client";
import type { Lookup } from "./feature-client.ts";
import { observeLookups } from "./observe-lookups.ts";

const lookup: Lookup = {
  outcome: "found",
  milliseconds: 15,
  retries: 0,
  rows: 3,
  rowsOutsideTtl: 1,
  asOf: Float64Array.of(Date.now() - 120_000, Date.now() + 5000, Number.NaN),
};

test("lookups are counted by outcome, with the age of what was found", async (t) => {
  const registry = new Registry();
  const observe = observeLookups(registry, pino({ level: "silent" }));
  observe(lookup);
  observe({ ...lookup, outcome: "refused" });
  observe({ ...lookup, outcome: "unavailable", milliseconds: 3000, retries: 2 });
  const text = await registry.metrics();
  for (const line of [
    'ml_feature_lookup_duration_seconds_bucket{le="0.02",outcome="found"} 1',
    'ml_feature_lookup_duration_seconds_count{outcome="refused"} 1',
    'ml_feature_lookup_duration_seconds_sum{outcome="unavailable"} 3',
    "ml_feature_lookup_retries_total 2",
    'ml_feature_age_seconds_bucket{le="60"} 1',
    'ml_feature_age_seconds_bucket{le="300"} 2',
    "ml_feature_age_seconds_count 2",
    "ml_feature_outside_ttl_rows_total 1",
  ])
    t.true(text.split("\n").includes(line), `${line} in\n${text}`);
});
