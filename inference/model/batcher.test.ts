import { setTimeout, setImmediate as turn } from "node:timers/promises";
import test from "ava";
import fc from "fast-check";
import { InvalidFeatures } from "../features/feature-problem.ts";
import type { FeatureRows, Predictions } from "../features/feature-rows.ts";
import { Overloaded } from "../overloaded.ts";
import { createBatcher } from "./batcher.ts";

/** Answers each row with its first feature as label, and the row itself as probabilities. */
function echo(runs: number[]) {
  return async ({ count, values }: FeatureRows): Promise<Predictions> => {
    runs.push(count);
    return { values: values.filter((_, at) => at % 2 === 0), probabilities: Float64Array.from(values), classes: 2 };
  };
}

function rowsFrom(first: number, count: number): FeatureRows {
  return { count, values: Float64Array.from({ length: count * 2 }, (_, at) => first + at) };
}

test("requests that wait share one run", async (t) => {
  const runs: number[] = [];
  const { predict } = createBatcher(echo(runs), { runRows: 100 });
  await Promise.all([predict(rowsFrom(0, 3)), predict(rowsFrom(10, 1)), predict(rowsFrom(20, 2))]);
  t.deepEqual(runs, [6]);
});

test("a request larger than a run takes several, and lets a small one through between", async (t) => {
  const runs: number[] = [];
  const { predict } = createBatcher(echo(runs), { runRows: 4 });
  const order: string[] = [];
  await Promise.all([
    predict(rowsFrom(0, 13)).then(() => order.push("large")),
    predict(rowsFrom(50, 1)).then(() => order.push("small")),
  ]);
  t.deepEqual(runs, [2, 4, 4, 4]);
  t.deepEqual(order, ["small", "large"]);
});

test("whatever is gathered and cut, each request gets its own rows' answers", async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 20 }),
      async (counts, runRows) => {
        const runs: number[] = [];
        const batcher = createBatcher(echo(runs), { runRows });
        const requests = counts.map((count, at) => rowsFrom(at * 1000, count));
        const answers = await Promise.all(requests.map(batcher.predict));
        for (const [at, { values }] of requests.entries()) {
          t.deepEqual(answers[at]?.probabilities, values);
          t.deepEqual(
            answers[at]?.values,
            values.filter((_, place) => place % 2 === 0),
          );
        }
        t.true(runs.every((rows) => rows <= runRows));
        t.is(batcher.queuedRows, 0);
      },
    ),
  );
});

test("a failed run fails its requests, and the next ones are answered", async (t) => {
  let fail = true;
  const batcher = createBatcher(
    async (rows) => {
      if (!fail) return echo([])(rows);
      throw new Error("out of memory");
    },
    { runRows: 2 },
  );
  const { predict } = batcher;
  await Promise.all(
    [rowsFrom(0, 1), rowsFrom(0, 5)].map((rows) => t.throwsAsync(predict(rows), { message: "out of memory" })),
  );
  fail = false;
  t.deepEqual((await predict(rowsFrom(4, 1))).values, Float64Array.of(4));
  t.is(batcher.queuedRows, 0);
});

test("values that the model refuses fail their own request, and not those that share its run", async (t) => {
  const runs: number[] = [];
  const refusal = new InvalidFeatures([
    { path: "body", problem: "value", expected: "known values", received: "Unknown Category" },
  ]);
  const batcher = createBatcher(
    async (rows) => {
      const predictions = await echo(runs)(rows);
      if (rows.values.includes(13)) throw refusal;
      return predictions;
    },
    { runRows: 8 },
  );
  const requests = [rowsFrom(0, 1), rowsFrom(13, 6), rowsFrom(20, 2)].map(batcher.predict);
  t.is(await t.throwsAsync(requests[1]!), refusal);
  t.deepEqual((await requests[0]!).values, Float64Array.of(0));
  t.deepEqual((await requests[2]!).values, Float64Array.of(20, 22));
  t.deepEqual(runs, [5, 1, 2, 2]);
  t.is(batcher.queuedRows, 0);
});

test("with a bound on the wait, what comes after a shared run waits for company", async (t) => {
  const requests: number[] = [];
  const { predict } = createBatcher(echo([]), { runRows: 100, waitMs: 50, onRun: (count) => requests.push(count) });
  await Promise.all([predict(rowsFrom(0, 1)), predict(rowsFrom(2, 1))]);
  const first = predict(rowsFrom(4, 1));
  await turn();
  await Promise.all([first, predict(rowsFrom(6, 1))]);
  t.deepEqual(requests, [2, 2]);
});

test("a model that is idle runs at once, and a full run doesn't wait", async (t) => {
  const { predict } = createBatcher(echo([]), { runRows: 4, waitMs: 2 ** 30 });
  await predict(rowsFrom(0, 1));
  await Promise.all([predict(rowsFrom(0, 1)), predict(rowsFrom(2, 1))]);
  t.is((await predict(rowsFrom(4, 4))).classes, 2);
});

test("who waited too long is sent away, but for the last, and what was begun goes on", async (t) => {
  const runs: number[] = [];
  const run = echo(runs);
  const slow = async (rows: FeatureRows) => {
    await setTimeout(20);
    return run(rows);
  };
  const batcher = createBatcher(slow, { runRows: 4, queueMs: 1 });
  const begun = batcher.predict(rowsFrom(0, 8));
  await turn();
  const [late, last] = [batcher.predict(rowsFrom(50, 1)), batcher.predict(rowsFrom(60, 1))];
  await t.throwsAsync(late, { instanceOf: Overloaded });
  t.deepEqual((await last).values, Float64Array.of(60));
  t.is((await begun).values?.length, 8);
  t.deepEqual(runs, [4, 2, 3]);
  t.is(batcher.queuedRows, 0);
});
