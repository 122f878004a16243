import test from "ava";
import { LatestValues, valuesKept } from "./latest-values.ts";

function told(values: LatestValues): Record<string, number> {
  return Object.fromEntries(
    values.samples("value").map(({ metricName, labels, value }) => [metricName ?? labels.quantile, value]),
  );
}

test("quantiles are values that came, by nearest rank", (t) => {
  const values = new LatestValues();
  values.add(Float64Array.from({ length: 100 }, (_, at) => 100 - at));
  t.deepEqual(told(values), { 0.05: 5, 0.25: 25, 0.5: 50, 0.75: 75, 0.95: 95, value_sum: 5050, value_count: 100 });
});

test("quantiles are those of the latest values, sum and count those of all", (t) => {
  const values = new LatestValues();
  values.add(new Float64Array(10_000).fill(1));
  values.add(new Float64Array(valuesKept).fill(3));
  const three = { 0.05: 3, 0.25: 3, 0.5: 3, 0.75: 3, 0.95: 3 };
  t.deepEqual(told(values), {
    ...three,
    value_sum: 10_000 + 3 * valuesKept,
    value_count: 10_000 + valuesKept,
  });
});

test("without values there are no quantiles, and what isn't finite is none", (t) => {
  const values = new LatestValues();
  values.add(Float64Array.of(Number.NaN, Number.POSITIVE_INFINITY));
  t.deepEqual(told(values), { value_sum: 0, value_count: 0 });
});
