import test from "ava";
import { type Logger, pino } from "pino";
import { Registry } from "prom-client";
import type { FeatureBaseline } from "../../mlflow/model-folder.ts";
import { createApp } from "../app.ts";
import { tinyService } from "../fixtures/tiny-service.ts";
import { listen } from "../http-server.ts";
import { requestJson } from "../request-json.ts";
import { observeModel } from "./observe-model.ts";

const statistics = { count: 100, missing: 0, mean: 0.5, std: 0.5, min: 0, max: 1 };
const baseline: FeatureBaseline[] = [
  { ...statistics, name: "age", edges: [0], counts: [50, 50] },
  { ...statistics, name: "income", edges: [0.5], counts: [50, 50] },
  { ...statistics, name: "score", edges: [], counts: [100] },
];

function logTo(lines: string[]): Logger {
  return pino({}, { write: (line: string) => void lines.push(JSON.parse(line).msg) });
}

async function observed(t: { teardown(end: () => Promise<void>): void }, known?: FeatureBaseline[]) {
  const log: string[] = [];
  const registry = new Registry();
  const { serving, close } = await tinyService();
  t.teardown(close);
  const model = { ...serving.model!, ...(known && { baseline: known }) };
  const observer = observeModel(registry, logTo(log));
  const app = createApp(serving, { observers: [observer.observe] });
  const server = await listen(app, "127.0.0.1", 0);
  t.teardown(() => server.drain(0));
  observer.serves(model);
  serving.serve(model);
  const endpoint = `http://127.0.0.1:${server.port}`;
  const predict = (inputs: object) => requestJson(`${endpoint}/predict`, { body: { inputs } });
  const lines = async () => (await registry.metrics()).split("\n").filter((line) => line && !line.startsWith("#"));
  const samples = async () => (await lines()).filter((line) => !/_(bucket|sum|count)\b/.test(line));
  return { log, model, predict, samples };
}

test("says which model is served, before any request", async (t) => {
  const { samples, model } = await observed(t, baseline);
  t.deepEqual(await samples(), [
    `ml_model_info{name="tiny",version="1",sha256="${model.sha256}"} 1`,
    "ml_prediction_rows_total 0",
    'ml_predictions_total{class="0"} 0',
    'ml_predictions_total{class="1"} 0',
    "ml_queued_rows 0",
  ]);
});

test("counts rows that were predicted, and none that were refused", async (t) => {
  const { predict, samples } = await observed(t, baseline);
  t.is((await predict({ age: [0, 1, 2], income: [1, 2, 3] })).status, 200);
  t.is((await predict({ age: [0, 1.5], income: [1, 2] })).status, 422);
  t.true((await samples()).includes("ml_prediction_rows_total 3"));
});

test("tells drift once a thousand rows came: of the features with a baseline, and of missing values", async (t) => {
  const { predict, samples, log } = await observed(t, baseline);
  const half = (low: number, high: number) => Array.from({ length: 500 }, (_, row) => (row < 250 ? low : high));
  const rows = {
    age: half(0, 1),
    income: half(0.7, 0.9),
    score: half(0.1, 0.2).map((v, row) => (row < 125 ? null : v)),
  };
  await predict(rows);
  t.false((await samples()).some((line) => line.startsWith("ml_feature")));
  await predict(rows);
  const shifted = (0.0001 - 0.5) * Math.log(0.0002) + 0.5 * Math.log(2);
  t.deepEqual(
    (await samples()).filter((line) => line.startsWith("ml_feature")),
    [
      'ml_feature_psi{feature="age"} 0',
      `ml_feature_psi{feature="income"} ${shifted}`,
      'ml_feature_missing_ratio{feature="age"} 0',
      'ml_feature_missing_ratio{feature="income"} 0',
      'ml_feature_missing_ratio{feature="score"} 0.25',
    ],
  );
  t.deepEqual(log, ["the baseline lacks these features or has but one bin of them: they have no ml_feature_psi"]);
});

test("without a baseline there is no index, the log says so once, and missing values are told all the same", async (t) => {
  const { predict, samples, log } = await observed(t, []);
  const rows = { age: new Array(1000).fill(1), income: new Array(1000).fill(1) };
  await predict(rows);
  const drift = (await samples()).filter((line) => line.startsWith("ml_feature"));
  t.is(drift.length, 3);
  t.true(drift.includes('ml_feature_missing_ratio{feature="score"} 1'));
  t.deepEqual(log, ["the model folder has no baseline of the training rows: there is no ml_feature_psi"]);
});
