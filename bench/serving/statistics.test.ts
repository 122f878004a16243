import test from "ava";
import { median, quantile } from "./statistics.ts";

test("the median is the middle value, or between the two", (t) => {
  t.is(median([5, 1, 100]), 5);
  t.is(median([4, 1, 2, 100]), 3);
  t.is(median([7]), 7);
  t.is(median([]), Number.NaN);
});

test("a quantile is one of the values, by its rank", (t) => {
  const values = Array.from({ length: 200 }, (_, at) => 200 - at);
  t.is(quantile(values, 0.99), 198);
  t.is(quantile(values, 0.5), 100);
  t.is(quantile(values, 0), 1);
  t.is(quantile([3], 0.99), 3);
  t.is(quantile([], 0.5), Number.NaN);
});
