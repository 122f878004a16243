import test from "ava";
import fc from "fast-check";
import { Histogram, Registry } from "prom-client";
import { HistogramCounts } from "./histogram-counts.ts";
import { registerScraped } from "./scraped-metric.ts";

test("a histogram prints what prom-client's own prints of the same values", async (t) => {
  // Not -1, by which prom-client knows what is above all bounds.
  const bound = fc.constantFrom(0, 0.1, 0.5, 1, 3);
  const ascending = fc.uniqueArray(bound, { minLength: 1 }).map((bounds) => bounds.sort((a, b) => a - b));
  await fc.assert(
    fc.asyncProperty(ascending, fc.array(fc.oneof(bound, fc.integer())), async (bounds, values) => {
      const [own, reference] = [new Registry(), new Registry()];
      const head = { name: "seconds", help: "Some seconds." };
      const counts = new HistogramCounts(bounds);
      registerScraped(own, { ...head, type: "histogram" }, () => counts.samples("seconds", { route: "/a" }));
      const histogram = new Histogram({ ...head, buckets: bounds, labelNames: ["route"], registers: [reference] });
      histogram.zero({ route: "/a" });
      for (const value of values) {
        counts.add(value);
        histogram.observe({ route: "/a" }, value);
      }
      t.is(await own.metrics(), await reference.metrics());
    }),
  );
});
