import { execFileSync } from "node:child_process";
import { closeSync, constants, openSync } from "node:fs";
import { mkdtemp, readFile, rename, rm, watch } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { pino } from "pino";
import { Registry } from "prom-client";
import { startServe } from "../fixtures/serve-process.ts";
import { tinyGolden } from "../fixtures/tiny-classifier.ts";
import { tinyRegistry } from "../fixtures/tiny-registry.ts";
import { tinyService } from "../fixtures/tiny-service.ts";
import type { Exchange } from "../http/exchange.ts";
import type { Prediction } from "../prediction/predictor.ts";
import { requestJson } from "../request-json.ts";
import { payloadLine } from "./payload-line.ts";
import { openPayloadLog } from "./payload-log.ts";

const silent = pino({ level: "silent" });
const inputs = { age: [0, 1], income: [0.1, 0.9] };

async function temporary(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "payload-log-"));
  t.teardown(() => rm(folder, { recursive: true }));
  return folder;
}

async function lines(file: string) {
  return (await readFile(file, "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

test("what was asked and predicted is appended, a line a request, and its rows can be asked again", async (t) => {
  const file = join(await temporary(t), "payload.jsonl");
  const log = openPayloadLog({ file, sample: 1 }, silent);
  const { endpoint, close } = await tinyService({ observers: [log.observe] });
  t.teardown(close);
  const headers = { "X-Request-Id": "abc-1" };
  await requestJson(`${endpoint}/predict`, { body: { inputs }, headers });
  await requestJson(`${endpoint}/predict`, { body: { inputs: { age: ["x"], income: [1] } } });
  const instances = [{ age: 3, income: 0, score: 0.3 }];
  await requestJson(`${endpoint}/batch_predict`, { body: { instances } });
  await log.close();

  const [first, second, ...rest] = await lines(file);
  t.deepEqual(rest, []);
  t.like(first, { request_id: "abc-1", route: "/predict", model_name: "tiny", model_version: "1", rows: 2 });
  t.deepEqual(first.instances, [
    { age: 0, income: 0.1, score: null },
    { age: 1, income: 0.9, score: null },
  ]);
  t.deepEqual(second.instances, instances);
  const golden = tinyGolden(["age", "income", "score"], [[3, 0, 0.3]], 0.1);
  t.deepEqual(second.probabilities, golden.probabilities);
  t.deepEqual(second.predictions, golden.predictions);
  const again = await requestJson(`${endpoint}/batch_predict`, { body: { instances: first.instances } });
  t.deepEqual((again.body as { predictions: number[] }).predictions, first.predictions);
});

test("a share of the requests is taken, and counted", async (t) => {
  const file = join(await temporary(t), "payload.jsonl");
  const metrics = new Registry();
  let at = 0;
  const log = openPayloadLog({ file, sample: 0.25 }, silent, metrics, () => (at++ % 10) / 10);
  const { endpoint, close } = await tinyService({ observers: [log.observe] });
  t.teardown(close);
  for (let request = 0; request < 20; request++) await requestJson(`${endpoint}/predict`, { body: { inputs } });
  await log.close();
  t.is((await lines(file)).length, 6);
  const told = await metrics.metrics();
  t.true(told.includes("ml_payload_log_lines_total 6\n"));
  t.true(told.includes("ml_payload_log_dropped_total 0\n"));
});

test("a disk that takes nothing costs lines, which are counted, and no answer", async (t) => {
  const warnings: unknown[] = [];
  const logger = pino({}, { write: (line: string) => void warnings.push(JSON.parse(line)) });
  const metrics = new Registry();
  const log = openPayloadLog({ file: "/dev/full", sample: 1 }, logger, metrics);
  const { endpoint, close } = await tinyService({ observers: [log.observe] });
  t.teardown(close);
  for (let request = 0; request < 20; request++)
    t.is((await requestJson(`${endpoint}/predict`, { body: { inputs } })).status, 200);
  await log.close();
  t.is(warnings.length, 1);
  t.like(warnings[0], { level: 40, msg: "the payload log can't be written: lines are dropped" });
  const told = await metrics.metrics();
  t.true(told.includes("ml_payload_log_dropped_total 20\n"), told);
  t.true(told.includes("ml_payload_log_lines_total 0\n"));
});

test("a disk that is too slow costs lines once so much waits for it", async (t) => {
  const folder = await temporary(t);
  const pipe = join(folder, "pipe");
  execFileSync("mkfifo", [pipe]);
  // Open, and never read.
  const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
  const metrics = new Registry();
  const log = openPayloadLog({ file: pipe, sample: 1 }, silent, metrics);
  const prediction = {
    model: { name: "tiny", version: "1", schema: { columns: [{ name: "age" }] } },
    rows: { count: 1000, values: new Float64Array(1000).fill(0.123456789) },
    predictions: { values: new Float64Array(1000), probabilities: new Float64Array(0), classes: 0 },
    milliseconds: 1,
  } as unknown as Prediction;
  const one = payloadLine(prediction, { id: "a", path: "/predict" } as Exchange, new Date()).length;
  const many = Math.ceil((20 * 2 ** 20) / one);
  for (let line = 0; line < many; line++) log.observe(prediction, { id: "a", path: "/predict" } as Exchange);
  const told = await metrics.metrics();
  const dropped = Number(/^ml_payload_log_dropped_total (\d+)$/m.exec(told)?.[1]);
  t.true(dropped * one > 10 * 2 ** 20 && dropped < many, told);
  // It gives up after a second.
  await log.close();
  closeSync(reader);
});

test("a file that can't be appended to is an error that names the variable", async (t) => {
  const file = join(await temporary(t), "nowhere/payload.jsonl");
  t.throws(() => openPayloadLog({ file, sample: 1 }, silent), {
    message: /^PAYLOAD_LOG_FILE: expected a file that can be appended to: ENOENT.*nowhere/,
  });
});

test("a service writes its payload log to the end, and into a new file once the old one was moved", async (t) => {
  const folder = await temporary(t);
  const file = join(folder, "payload.jsonl");
  const registry = await tinyRegistry([0.1]);
  t.teardown(registry.remove);
  const service = startServe({ MLFLOW_TRACKING_URI: registry.uri, PAYLOAD_LOG_FILE: file, PAYLOAD_LOG_SAMPLE: "1" });
  t.teardown(() => service.kill("SIGKILL"));
  const { port } = await service.logged("listening");
  await service.logged("ready");
  const ask = (id: string) =>
    requestJson(`http://127.0.0.1:${port}/predict`, { body: { inputs }, headers: { "X-Request-Id": id } });
  await ask("a");
  const moved = join(folder, "payload.1.jsonl");
  await rename(file, moved);
  const changes = watch(folder);
  service.kill("SIGHUP");
  for await (const { filename } of changes) if (filename === "payload.jsonl") break;
  await ask("b");
  service.kill("SIGTERM");
  t.is((await service.ended).status, 0);
  const ids = async (name: string) => (await lines(name)).map(({ request_id }) => request_id);
  t.deepEqual([await ids(moved), await ids(file)], [["a"], ["b"]]);
});
