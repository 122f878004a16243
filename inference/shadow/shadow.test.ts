import { kill } from "node:process";
import test, { type ExecutionContext } from "ava";
import { pino } from "pino";
import { Registry } from "prom-client";
import { registrationFixture } from "../../mlflow/fixture.ts";
import { openStore } from "../../mlflow/open-store.ts";
import { gone } from "../fixtures/gone.ts";
import { doubles, node, smallOnnx, value } from "../fixtures/small-onnx.ts";
import { tinyArtifact } from "../fixtures/tiny-classifier.ts";
import { type ModelFiles, tinyMlflow } from "../fixtures/tiny-mlflow.ts";
import { tinyRegistry } from "../fixtures/tiny-registry.ts";
import { loadModel } from "../model/load-model.ts";
import type { ServedModel } from "../model/served-model.ts";
import { Shadow, type ShadowOptions } from "./shadow.ts";

type Line = Readonly<Record<string, unknown>> & { readonly msg: string };

/** A model `tiny` that answers, and another version as its shadow, the service's only one at first. */
async function shadowed(t: ExecutionContext, version: string, options: Partial<ShadowOptions> = {}) {
  const registry = await tinyRegistry([0.1, 0.45]);
  t.teardown(registry.remove);
  const model = await loadModel({ store: registry.store, name: "tiny", version: "1" });
  t.teardown(model.release);
  const metrics = new Registry();
  const controller = new AbortController();
  const lines: Line[] = [];
  const waiting = new Set<() => void>();
  const logger = pino(
    { level: "debug" },
    {
      write: (text: string) => {
        lines.push(JSON.parse(text));
        for (const look of waiting) look();
      },
    },
  );
  const shadow = new Shadow({
    model: { trackingUri: registry.uri, credentials: {}, name: "tiny", version, runRows: 4096 },
    metrics,
    logger,
    signal: controller.signal,
    idle: () => true,
    restartMs: 10,
    ...options,
  });
  shadow.start();
  t.teardown(() => controller.abort());
  return {
    registry,
    model,
    shadow,
    stop: () => controller.abort(),
    /** Resolves with the next line of the log that says `msg`. */
    logged: (msg: string) =>
      new Promise<Line>((resolve) => {
        const look = () => {
          const at = lines.findIndex((line) => line.msg === msg);
          if (at < 0) return;
          waiting.delete(look);
          resolve(lines.splice(0, at + 1)[at]!);
        };
        waiting.add(look);
        look();
      }),
    metric: async (name: string) =>
      Number(new RegExp(`^${name} (.*)$`, "m").exec(await metrics.metrics())?.[1] ?? Number.NaN),
  };
}

/** Answers one row a value with the model, and tells the shadow. Each row's score is about its value. */
async function answer(shadow: Shadow, model: ServedModel, means: readonly number[]): Promise<void> {
  const rows = { count: means.length, values: Float64Array.from(means.flatMap((mean) => [mean, mean, mean])) };
  const predictions = await model.predict(rows);
  shadow.observe({ model, rows, predictions });
}

test.serial("the rows that were answered are compared, and the metrics tell how the two versions differ", async (t) => {
  const { shadow, model, logged, metric } = await shadowed(t, "2");
  t.is(await metric('ml_shadow_failures_total\\{stage="load"\\}'), 0);
  t.like(await logged("the shadow is ready"), { name: "tiny", version: "2", modelType: "TinyClassifier" });
  // Of version 1 the probability is the mean + 0.1, of version 2 the mean + 0.45, up to 1.
  await answer(shadow, model, [0, 0.3]);
  await answer(shadow, model, [0.45, 0.9, 1]);
  t.like(await logged("the shadow has compared rows"), { rows: 5, disagreements: 1 });
  t.is(await metric('ml_shadow_info\\{name="tiny",version="2",sha256="\\w{64}"\\}'), 1);
  t.is(await metric("ml_shadow_rows_total"), 5);
  t.is(await metric("ml_shadow_disagreements_total"), 1);
  t.is(await metric("ml_shadow_dropped_rows_total"), 0);
  const buckets = ['le="0.000001"', 'le="0.2"', 'le="0.5"', 'le="\\+Inf"'];
  const rows = await Promise.all(buckets.map((le) => metric(`ml_shadow_absolute_difference_bucket\\{${le}\\}`)));
  t.deepEqual(rows, [2, 2, 5, 5]);
  t.is(await metric("ml_shadow_absolute_difference_count"), 5);
  t.true(Math.abs((await metric("ml_shadow_absolute_difference_sum")) - 3 * 0.35) < 1e-9);
});

/** A regressor: so many times x. */
function regressorFiles(factor: number): ModelFiles {
  const onnx = smallOnnx({
    nodes: [node("Mul", ["x", "factor"], ["y"])],
    inputs: [value("x", "double", ["N", 1])],
    outputs: [value("y", "double", ["N", 1])],
    initializers: [doubles("factor", [factor], [1])],
  });
  const signature = { inputs: JSON.stringify([{ type: "double", name: "x", required: true }]) };
  return new Map<string, Uint8Array | string>([
    ["model.onnx", onnx],
    ["MLmodel", JSON.stringify({ flavors: { onnx: { data: "model.onnx" } }, signature })],
  ]);
}

test.serial("regressors are compared by their values", async (t) => {
  const server = await tinyMlflow([regressorFiles(2), regressorFiles(2.5)]);
  t.teardown(() => server.close());
  const source = { trackingUri: server.uri, credentials: {}, name: "tiny", version: "2", runRows: 4096 };
  const { shadow, logged, metric } = await shadowed(t, "2", { model: source });
  t.like(await logged("the shadow is ready"), { version: "2" });
  const model = await loadModel({ store: openStore(server.uri), name: "tiny", version: "1" });
  t.teardown(model.release);
  const rows = { count: 3, values: Float64Array.of(1, -4, 30_000) };
  const predictions = await model.predict(rows);
  shadow.observe({ model, rows, predictions });
  t.like(await logged("the shadow has compared rows"), { rows: 3, disagreements: 0 });
  t.is(await metric("ml_shadow_absolute_difference_sum"), 0.5 + 2 + 15_000);
  const buckets = ['le="0.2"', 'le="0.5"', 'le="10"', 'le="\\+Inf"'];
  const counts = await Promise.all(buckets.map((le) => metric(`ml_shadow_absolute_difference_bucket\\{${le}\\}`)));
  t.deepEqual(counts, [0, 1, 2, 3]);
});

test.serial("a shadow that isn't there is looked for again until it is, and answers go on", async (t) => {
  const { registry, shadow, model, logged, metric } = await shadowed(t, "3");
  const { reason } = await logged("the shadow can't be loaded, trying again");
  t.regex(String(reason), /expected version 3 of model tiny, but MLflow at .* has none such/);
  await answer(shadow, model, [0, 0.3]);
  await registry.store.logAndRegister(registrationFixture({ model: "tiny", artifact: tinyArtifact(0.1) }));
  t.like(await logged("the shadow is ready"), { version: "3" });
  t.true((await metric('ml_shadow_failures_total\\{stage="load"\\}')) >= 1);
  await answer(shadow, model, [0, 0.3]);
  t.like(await logged("the shadow has compared rows"), { rows: 2, disagreements: 0 });
});

test.serial("a shadow that crashes is started anew, and what it had is counted as dropped", async (t) => {
  const { shadow, model, logged, metric } = await shadowed(t, "2");
  const { shadowPid } = await logged("the shadow is ready");
  await answer(shadow, model, [0, 0.3]);
  kill(shadowPid as number, "SIGKILL");
  t.like(await logged("the shadow ended by itself, trying again"), { reason: "killed by SIGKILL" });
  t.is(await metric('ml_shadow_failures_total\\{stage="process"\\}'), 1);
  t.is(await metric("ml_shadow_dropped_rows_total"), 2);
  t.true(Number.isNaN(await metric("ml_shadow_info.*")));
  t.not((await logged("the shadow is ready")).shadowPid, shadowPid);
  await answer(shadow, model, [0.3]);
  t.like(await logged("the shadow has compared rows"), { rows: 1, disagreements: 1 });
  t.is(await metric("ml_shadow_rows_total"), 1);
});

test.serial(
  "a shadow that hangs takes no more than a batch, answers go on, and it is killed and started anew",
  async (t) => {
    const { shadow, model, logged, metric } = await shadowed(t, "2", { replyMs: 500 });
    const { shadowPid } = await logged("the shadow is ready");
    kill(shadowPid as number, "SIGSTOP");
    const means = new Array(1000).fill(0.3);
    for (let request = 0; request < 20; request++) await answer(shadow, model, means);
    t.true((await metric("ml_shadow_dropped_rows_total")) >= 20_000 - 2 * 5461);
    t.regex(
      String((await logged("the shadow ended by itself, trying again")).reason),
      /^it was killed, as it took more than 500 ms to compare rows$/,
    );
    t.is(await metric("ml_shadow_dropped_rows_total"), 20_000);
    await logged("the shadow is ready");
  },
);

test.serial("while the service is busy nothing is sent, and what doesn't fit into the batch is dropped", async (t) => {
  let busy = true;
  const asked = Promise.withResolvers<void>();
  const idle = () => {
    asked.resolve();
    return !busy;
  };
  const { shadow, model, logged, metric } = await shadowed(t, "2", { idle });
  await logged("the shadow is ready");
  const means = new Array(4000).fill(0.3);
  await answer(shadow, model, means);
  await answer(shadow, model, means);
  await asked.promise;
  t.is(await metric("ml_shadow_rows_total"), 0);
  // A batch holds 32,768 numbers; a row has three features, two probabilities and a label.
  t.is(await metric("ml_shadow_dropped_rows_total"), 8000 - 5461);
  busy = false;
  t.like(await logged("the shadow has compared rows"), { rows: 5461 });
});

test.serial("rows of a model that it can't be compared with aren't sent, and the log says why, once", async (t) => {
  const { shadow, model, logged, metric } = await shadowed(t, "2");
  await logged("the shadow is ready");
  const other: ServedModel = { ...model, schema: { ...model.schema, columns: model.schema.columns.slice(0, 2) } };
  await answer(shadow, model, [0.3, 0.4]);
  await answer(shadow, other, [0.3]);
  t.regex(
    String((await logged("the shadow is asked nothing, as it can't be compared")).reason),
    /^it takes columns that the model that answers doesn't: score \(double\)$/,
  );
  await answer(shadow, other, [0.3]);
  await answer(shadow, model, [0.3]);
  t.like(await logged("the shadow has compared rows"), { rows: 1 });
  t.is(await metric("ml_shadow_dropped_rows_total"), 2);
});

test.serial("rows that it can't answer are counted as a failure, and the next ones are compared", async (t) => {
  const { shadow, model, logged, metric } = await shadowed(t, "2");
  await logged("the shadow is ready");
  const rows = { count: 1, values: Float64Array.of(0, 0, 0) };
  const predictions = { values: Float64Array.of(0), probabilities: Float64Array.of(1, 0, 0), classes: 3 };
  shadow.observe({ model, rows, predictions });
  t.regex(String((await logged("the shadow can't answer rows")).reason), /expected probabilities of 3 classes/);
  t.is(await metric('ml_shadow_failures_total\\{stage="compare"\\}'), 1);
  t.is(await metric("ml_shadow_dropped_rows_total"), 1);
  const again = { ...model };
  await answer(shadow, again, [0.3]);
  t.like(await logged("the shadow has compared rows"), { rows: 1 });
});

test.serial("of the requests it is asked the share that it is told", async (t) => {
  let answered = false;
  const { shadow, model, logged } = await shadowed(t, "2", { sample: 0.5, idle: () => answered });
  await logged("the shadow is ready");
  for (let request = 0; request < 1000; request++) await answer(shadow, model, [0.3]);
  answered = true;
  const { rows } = await logged("the shadow has compared rows");
  t.true((rows as number) > 400 && (rows as number) < 600, `${rows}`);
});

test.serial("it ends when the service drains", async (t) => {
  const { shadow, model, stop, logged } = await shadowed(t, "2");
  const { shadowPid } = await logged("the shadow is ready");
  stop();
  await gone(shadowPid as number);
  await t.notThrowsAsync(answer(shadow, model, [0.3]));
});
