import { once } from "node:events";
import { Agent, get } from "node:http";
import { text } from "node:stream/consumers";
import test, { type ExecutionContext } from "ava";
import { freePort } from "../../tests/free-port.ts";
import { startServe } from "../fixtures/serve-process.ts";
import { tinyRegistry } from "../fixtures/tiny-registry.ts";
import { requestJson } from "../request-json.ts";

async function serve(t: ExecutionContext, env: NodeJS.ProcessEnv) {
  const registry = await tinyRegistry([0.1]);
  t.teardown(registry.remove);
  const service = startServe({ MLFLOW_TRACKING_URI: registry.uri, MODEL_VERSION: "1", ...env });
  t.teardown(() => service.kill("SIGKILL"));
  return service;
}

test.serial(
  "with METRICS_PORT the service tells its metrics on a port of their own, while it drains too",
  async (t) => {
    const metricsPort = await freePort();
    const service = await serve(t, { METRICS_PORT: String(metricsPort) });
    const { port } = await service.logged("listening");
    await service.logged("ready");
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    t.teardown(() => agent.destroy());
    const ask = async () => {
      const [response] = await once(get(`http://127.0.0.1:${port}/metadata`, { agent }), "response");
      return text(response);
    };
    const metrics = async () => (await requestJson(`http://127.0.0.1:${metricsPort}/metrics`)).text;

    await ask();
    const inputs = { age: [0, 1], income: [0.1, 0.9] };
    await requestJson(`http://127.0.0.1:${port}/predict`, { body: { inputs } });
    t.is((await requestJson(`http://127.0.0.1:${port}/metrics`)).status, 404);
    const before = await metrics();
    t.regex(before, /^ml_model_info\{name="tiny",version="1",sha256="[0-9a-f]{64}"\} 1$/m);
    t.regex(before, /^ml_prediction_rows_total 2$/m);
    t.regex(before, /^ml_predictions_total\{class="1"\} \d$/m);
    // The proof's two runs and the request's.
    t.regex(before, /^ml_batch_rows_count 3$/m);
    t.regex(before, /^nodejs_eventloop_lag_p99_seconds \d/m);
    t.regex(before, /^http_requests_total\{method="GET",route="other",status="404"\} 1$/m);

    service.kill("SIGTERM");
    await service.logged("draining");
    t.regex(await metrics(), /^http_requests_total\{method="GET",route="\/metadata",status="200"\} 1$/m);
    await ask();
    t.is((await service.ended).status, 0);
  },
);

test.serial("a taken METRICS_PORT ends the service with one clear line", async (t) => {
  const first = await serve(t, { METRICS_PORT: String(await freePort()) });
  const { port } = await first.logged("metrics");
  const second = await serve(t, { METRICS_PORT: String(port) });
  const { status, stdout } = await second.ended;
  t.is(status, 1);
  const last = JSON.parse(stdout.trim().split("\n").at(-1)!);
  t.like(last, {
    level: 60,
    msg: `METRICS_PORT: cannot listen on 127.0.0.1:${port}: another process has that port: stop it, or choose another port`,
  });
  t.false("err" in last);
});
