import test, { type ExecutionContext } from "ava";
import { freePort } from "../../tests/free-port.ts";
import { gone } from "../fixtures/gone.ts";
import { startServe } from "../fixtures/serve-process.ts";
import { tinyRegistry } from "../fixtures/tiny-registry.ts";
import { requestJson } from "../request-json.ts";

async function serve(t: ExecutionContext, shadow: string) {
  const registry = await tinyRegistry([0.1, 0.45]);
  t.teardown(registry.remove);
  const metricsPort = await freePort();
  const env = {
    MODEL_VERSION: "1",
    SHADOW_MODEL_VERSION: shadow,
    METRICS_PORT: String(metricsPort),
    LOG_LEVEL: "debug",
  };
  const service = startServe({ MLFLOW_TRACKING_URI: registry.uri, ...env });
  t.teardown(() => service.kill("SIGKILL"));
  const { port } = await service.logged("listening");
  await service.logged("ready");
  const inputs = { age: [0, 0, 1], income: [0.3, 0.9, 1], score: [0.6, 0, 1] };
  return {
    service,
    predict: () => requestJson(`http://127.0.0.1:${port}/predict`, { body: { inputs } }),
    metrics: async () => (await requestJson(`http://127.0.0.1:${metricsPort}/metrics`)).text,
  };
}

test.serial(
  "with SHADOW_MODEL_VERSION another version is asked what was answered, by the one that it shadows",
  async (t) => {
    const { service, predict, metrics } = await serve(t, "latest");
    const { shadowPid } = await service.logged("the shadow is ready");
    t.like((await predict()).body, { predictions: [0, 0, 1], model_version: "1" });
    await service.logged("the shadow has compared rows");
    const told = await metrics();
    t.regex(told, /^ml_model_info\{name="tiny",version="1",sha256="[0-9a-f]{64}"\} 1$/m);
    t.regex(told, /^ml_shadow_info\{name="tiny",version="2",sha256="[0-9a-f]{64}"\} 1$/m);
    t.regex(told, /^ml_shadow_rows_total 3$/m);
    t.regex(told, /^ml_shadow_disagreements_total 2$/m);
    service.kill("SIGTERM");
    t.is((await service.ended).status, 0);
    await gone(shadowPid as number);
  },
);

test.serial("a shadow that isn't to be had doesn't keep the service from answering", async (t) => {
  const { service, predict, metrics } = await serve(t, "@challenger");
  await service.logged("the shadow can't be loaded, trying again");
  t.is((await predict()).status, 200);
  t.regex(await metrics(), /^ml_shadow_failures_total\{stage="load"\} [1-9]$/m);
});

test.serial("a shadow doesn't outlive its service, however that ends", async (t) => {
  const { service } = await serve(t, "2");
  const { shadowPid } = await service.logged("the shadow is ready");
  service.kill("SIGKILL");
  await t.notThrowsAsync(gone(shadowPid as number));
});
