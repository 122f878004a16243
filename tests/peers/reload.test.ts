import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { startServe } from "../../inference/fixtures/serve-process.ts";
import { tinyArtifact } from "../../inference/fixtures/tiny-classifier.ts";
import { requestJson } from "../../inference/request-json.ts";
import { registrationFixture } from "../../mlflow/fixture.ts";
import { openStore } from "../../mlflow/open-store.ts";
import { freePort } from "../free-port.ts";
import { startMlflow } from "./mlflow-process.ts";

const body = { inputs: { age: [0, 1], income: [0.3, 0.9] } };

test("a service follows an alias of a real MLflow server, with another version as its shadow, and outlives the server", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "reload-"));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const backend = ["--backend-store-uri", `sqlite:///${folder}/mlflow.db`, "--artifacts-destination", folder];
  const server = await startMlflow(["server", "--port", "0", "--workers", "1", ...backend], folder);
  t.teardown(() => server.stop());
  const store = openStore(server.uri);
  for (const bias of [0.1, 0.2])
    await store.logAndRegister(registrationFixture({ model: "tiny", artifact: tinyArtifact(bias) }));
  await store.setAlias("tiny", "live", "1");

  const service = startServe({
    MLFLOW_TRACKING_URI: server.uri,
    MODEL_VERSION: "@live",
    RELOAD_SECONDS: "1",
    SHADOW_MODEL_VERSION: "latest",
    METRICS_PORT: String(await freePort()),
  });
  t.teardown(() => service.kill("SIGKILL"));
  const { port } = await service.logged("listening");
  t.like(await service.logged("ready"), { version: "1", proof: { digest: "version tag", golden: "model folder" } });
  t.like(await service.logged("the shadow is ready"), { version: "2" });
  const endpoint = `http://127.0.0.1:${port}`;
  t.like(await requestJson(`${endpoint}/predict`, { body }), { status: 200, body: { model_version: "1" } });

  await store.setAlias("tiny", "live", "2");
  t.like(await service.logged("reloaded"), { from: "1", to: "2" });
  t.like(await requestJson(`${endpoint}/predict`, { body }), { status: 200, body: { model_version: "2" } });

  await server.stop();
  const { reason } = await service.logged("MLflow can't be asked for another version: version 2 goes on serving");
  t.regex(String(reason), /cannot reach MLflow at http:\/\/127\.0\.0\.1:\d+/);
  t.like(await requestJson(`${endpoint}/predict`, { body }), { status: 200, body: { model_version: "2" } });
  t.like(await requestJson(`${endpoint}/health`), { status: 200, body: { status: "healthy" } });
});
