import test from "ava";
import { startServe } from "../../inference/fixtures/serve-process.ts";
import { tinyMlflow } from "../../inference/fixtures/tiny-mlflow.ts";
import { requestJson } from "../../inference/request-json.ts";
import { freePort } from "../free-port.ts";
import { startLoad } from "../load.ts";

const body = { inputs: { age: [1, 0, 2], income: [0.1, 0.5, 0.9], score: [0, 0.5, 1] } };

test("a service that follows an alias forth and back, until MLflow dies, fails none of 20,000 requests or more", async (t) => {
  const mlflow = await tinyMlflow([0.1, 0.2]);
  mlflow.aliases.live = "1";
  const metricsPort = await freePort();
  const service = startServe({
    MLFLOW_TRACKING_URI: mlflow.uri,
    MODEL_VERSION: "@live",
    RELOAD_SECONDS: "1",
    METRICS_PORT: String(metricsPort),
  });
  t.teardown(() => service.kill("SIGKILL"));
  const { port } = await service.logged("listening");
  await service.logged("ready");
  const endpoint = `http://127.0.0.1:${port}`;
  const metric = async (line: RegExp) =>
    line.exec((await requestJson(`http://127.0.0.1:${metricsPort}/metrics`)).text)?.[1];
  const serves = async (version: string) => {
    mlflow.aliases.live = version;
    while ((await metric(/^ml_model_info\{name="tiny",version="(\d+)"/m)) !== version) await load.more(200);
  };

  const load = startLoad(endpoint, body, { clients: 8 });
  for (const version of ["2", "1", "2", "1", "2"]) await serves(version);
  await mlflow.close();
  while ((await metric(/^ml_model_reloads_total\{outcome="unreachable"\} (\d+)$/m)) === "0") await load.more(200);
  await load.more(Math.max(1000, 20_000 - load.requests));
  const { requests, failures, versions } = await load.stop();

  t.deepEqual(failures, []);
  t.true(requests >= 20_000);
  t.deepEqual(Object.keys(versions).sort(), ["1", "2"]);
  t.is(await metric(/^ml_model_reloads_total\{outcome="switched"\} (\d+)$/m), "5");
  t.like(await requestJson(`${endpoint}/health`), { status: 200, body: { model_version: "2" } });
  t.log(`${requests} requests through five reloads and the end of MLflow: ${JSON.stringify(versions)}`);
});
