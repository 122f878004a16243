import { join } from "node:path";
import test from "ava";
import { Registry } from "prom-client";
import { tinyFeatures } from "../../inference/fixtures/scripted-feature-server.ts";
import { startServe } from "../../inference/fixtures/serve-process.ts";
import { tinyRegistry } from "../../inference/fixtures/tiny-registry.ts";
import { PredictionDistribution } from "../../inference/metrics/prediction-distribution.ts";
import { requestJson } from "../../inference/request-json.ts";
import { freePort } from "../free-port.ts";
import { checkMetrics } from "./promtool.ts";

test("promtool finds what is wrong", async (t) => {
  const findings = await checkMetrics("# TYPE requests counter\nrequests 1\n");
  t.true(findings.some((line) => line.includes('counter metrics should have "_total" suffix')));
  t.true((await checkMetrics("requests{ 1\n")).length > 0);
});

test("promtool finds nothing wrong with the metrics of a service that was asked all sorts of things", async (t) => {
  const registry = await tinyRegistry([0.1, 0.2], tinyFeatures);
  t.teardown(registry.remove);
  const metricsPort = await freePort();
  // All that tells metrics of its own; nobody listens where the feature server is said to be.
  const service = startServe({
    MLFLOW_TRACKING_URI: registry.uri,
    METRICS_PORT: String(metricsPort),
    SHADOW_MODEL_VERSION: "1",
    RELOAD_SECONDS: "1",
    FEAST_SERVER_URL: `http://127.0.0.1:${await freePort()}`,
    FEAST_RETRIES: "0",
    PAYLOAD_LOG_FILE: join(registry.folder, "payload.jsonl"),
    PAYLOAD_LOG_SAMPLE: "1",
  });
  t.teardown(() => service.kill("SIGKILL"));
  const { port } = await service.logged("listening");
  await service.logged("ready");
  const inputs = { age: new Array(1500).fill(1), income: new Array(1500).fill(0.5) };
  for (const [path, body] of [
    ["/predict", { inputs }],
    ["/predict", { inputs: {} }],
    ["/predict", { entities: { customer_id: [1] } }],
    ["/predict", undefined],
    ["/health", undefined],
    ["/nowhere", {}],
  ] as const)
    await requestJson(`http://127.0.0.1:${port}${path}`, { body });

  const { text } = await requestJson(`http://127.0.0.1:${metricsPort}/metrics`);
  for (const name of [
    "http_request_duration_seconds_bucket{",
    "ml_predictions_total{",
    "ml_feature_missing_ratio{",
    "ml_feature_lookup_duration_seconds_bucket{",
    "ml_shadow_rows_total ",
    "ml_payload_log_lines_total ",
  ])
    t.true(text.includes(`\n${name}`), name);
  t.deepEqual(await checkMetrics(text), []);
});

test("promtool finds nothing wrong with what is told of a regressor", async (t) => {
  const registry = new Registry();
  const distribution = new PredictionDistribution(registry);
  distribution.serves({
    columns: [],
    task: "regression",
    prediction: "number",
    probabilities: false,
    signature: "columns",
    outputs: [],
  });
  distribution.add({ values: Float64Array.of(-1, 2, 1e300), probabilities: new Float64Array(0), classes: 0 });
  t.deepEqual(await checkMetrics(await registry.metrics()), []);
});
