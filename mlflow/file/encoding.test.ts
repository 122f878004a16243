import test from "ava";
import fc from "fast-check";
import { lastMetric, metricLine } from "./encoding.ts";

test("a metric reads back as it was written", (t) => {
  const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0));
  fc.assert(
    fc.property(finite, fc.nat(), (value, timestamp) => {
      t.is(lastMetric(metricLine(value, timestamp)), value);
    }),
  );
});

test("the value of the highest step counts, then of the latest time, then the highest", (t) => {
  t.is(lastMetric("9 0.1 0\n5 0.2 1\n4 0.9 1\n5 0.15 1\n"), 0.2);
});

test("what Python writes of infinities, of old files and of datasets is read", (t) => {
  t.is(lastMetric("1 inf 0\n"), Number.POSITIVE_INFINITY);
  t.is(lastMetric("1 -inf 0\n"), Number.NEGATIVE_INFINITY);
  t.is(lastMetric("1 nan 0\n"), Number.NaN);
  t.is(lastMetric("1 0.5\n"), 0.5);
  t.is(lastMetric("1 0.5 7 churn 0123\n"), 0.5);
});

test("a line that is cut off is passed over", (t) => {
  t.is(lastMetric("1 0.5 0\n2"), 0.5);
  t.is(lastMetric(""), undefined);
});

test("a logged model's line names its run", (t) => {
  t.is(metricLine(0.25, 7, "abc"), "7 0.25 0 abc\n");
});
