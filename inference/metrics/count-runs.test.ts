import test from "ava";
import { pino } from "pino";
import { Registry } from "prom-client";
import { createBatcher } from "../model/batcher.ts";
import { countRuns } from "./count-runs.ts";

test("runs are counted by the requests and rows that they answer and by their time, and what waits is told", async (t) => {
  const registry = new Registry();
  let asked = () => {};
  let answer = () => {};
  const onRun = countRuns(registry, () => batcher.queuedRows, pino({ level: "silent" }));
  const batcher = createBatcher(
    (rows) =>
      new Promise((resolve) => {
        asked();
        answer = () =>
          resolve({ values: new Float64Array(rows.count), probabilities: new Float64Array(0), classes: 0 });
      }),
    { runRows: 100, onRun },
  );
  const running = () =>
    new Promise<void>((resolve) => {
      asked = resolve;
    });
  const rows = (count: number) => ({ count, values: new Float64Array(count) });
  const lines = async () => (await registry.metrics()).split("\n");

  const first = running();
  const answers = [batcher.predict(rows(1))];
  await first;
  answers.push(batcher.predict(rows(2)), batcher.predict(rows(3)));
  t.true((await lines()).includes("ml_queued_rows 5"));
  const second = running();
  answer();
  await second;
  answer();
  await Promise.all(answers);

  const told = await lines();
  for (const line of [
    'ml_batch_requests_bucket{le="1"} 1',
    'ml_batch_requests_bucket{le="2"} 2',
    "ml_batch_requests_sum 3",
    'ml_batch_rows_bucket{le="1"} 1',
    'ml_batch_rows_bucket{le="16"} 2',
    "ml_batch_rows_sum 6",
    "ml_inference_duration_seconds_count 2",
    "ml_queued_rows 0",
  ])
    t.true(told.includes(line), line);
});
