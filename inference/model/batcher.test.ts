import test from "ava";
import fc from "fast-check";
import type { FeatureRows, Predictions } from "../features/feature-rows.ts";
import { createBatcher } from "./batcher.ts";

/** Answers each row with its first feature as label, and the row itself as probabilities. */
function echo(runs: number[]) {
  return async ({ count, values }: FeatureRows): Promise<Predictions> => {
    runs.push(count);
    return { labels: values.filter((_, at) => at % 2 === 0), probabilities: Float64Array.from(values), classes: 2 };
  };
}

function rowsFrom(first: number, count: number): FeatureRows {
  return { count, values: Float64Array.from({ length: count * 2 }, (_, at) => first + at) };
}

test("requests that wait share one run", async (t) => {
  const runs: number[] = [];
  const predict = createBatcher(echo(runs), 2, 100);
  await Promise.all([predict(rowsFrom(0, 3)), predict(rowsFrom(10, 1)), predict(rowsFrom(20, 2))]);
  t.deepEqual(runs, [6]);
});

test("a request larger than a run takes several, and lets a small one through between", async (t) => {
  const runs: number[] = [];
  const predict = createBatcher(echo(runs), 2, 4);
  const order: string[] = [];
  await Promise.all([
    predict(rowsFrom(0, 13)).then(() => order.push("large")),
    predict(rowsFrom(50, 1)).then(() => order.push("small")),
  ]);
  t.deepEqual(runs, [4, 4, 4, 2]);
  t.deepEqual(order, ["small", "large"]);
});

test("whatever is gathered and cut, each request gets its own rows' answers", async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 20 }),
      async (counts, runRows) => {
        const runs: number[] = [];
        const predict = createBatcher(echo(runs), 2, runRows);
        const requests = counts.map((count, at) => rowsFrom(at * 1000, count));
        const answers = await Promise.all(requests.map(predict));
        for (const [at, { values }] of requests.entries()) {
          t.deepEqual(answers[at]?.probabilities, values);
          t.deepEqual(
            answers[at]?.labels,
            values.filter((_, place) => place % 2 === 0),
          );
        }
        t.true(runs.every((rows) => rows <= runRows));
      },
    ),
  );
});

test("a failed run fails its requests, and the next ones are answered", async (t) => {
  let fail = true;
  const predict = createBatcher(
    async (rows) => {
      if (!fail) return echo([])(rows);
      throw new Error("out of memory");
    },
    2,
    2,
  );
  await Promise.all(
    [rowsFrom(0, 1), rowsFrom(0, 5)].map((rows) => t.throwsAsync(predict(rows), { message: "out of memory" })),
  );
  fail = false;
  t.deepEqual((await predict(rowsFrom(4, 1))).labels, Float64Array.of(4));
});
