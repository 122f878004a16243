import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { openStore } from "../../mlflow/open-store.ts";
import { TestProject } from "../engine/test-project.ts";
import { type MlflowProcess, startMlflow } from "./mlflow-process.ts";
import { python, run } from "./python.ts";

const model = "churn_predictor_feast";
const folder = await mkdtemp(join(tmpdir(), "stack-"));
const project = await TestProject.make();
let server: MlflowProcess;

test.before(async () => {
  const data = join(folder, "server");
  const backend = ["--backend-store-uri", `sqlite:///${data}.db`, "--artifacts-destination", data];
  server = await startMlflow(["server", "--port", "0", "--workers", "1", ...backend], folder);
  await project.configure({ mlflowTrackingUri: server.uri });
});

test.after.always(async () => {
  await project.remove();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

test.serial("the dev stack trains into an MLflow server and serves from it", async (t) => {
  await project.up();
  const [version] = await openStore(server.uri).listVersions(model);
  t.is(version?.version, "1");
  t.like(await project.get("/metadata"), { model_version: "1", mlflow_run_id: version?.runId });
  t.regex(await project.up(), /6 unchanged/);
});

test.serial("an alias that moves in the registry moves the stack", async (t) => {
  await project.configure({ nEstimators: "12" });
  await project.up();
  await openStore(server.uri).setAlias(model, "champion", "1");
  await project.configure({ modelVersion: "@champion" });
  await project.up();
  t.like(await project.get("/metadata"), { model_version: "1" });

  await openStore(server.uri).setAlias(model, "champion", "2");
  t.regex(await project.preview(), /TrainedModel trainer-model update \[diff: .*resolved/);
  await project.up();
  t.like(await project.get("/metadata"), { model_version: "2" });
});

test.serial("a model that Python logged and registered is served, by version and digest alone", async (t) => {
  const script = join(import.meta.dirname, "mlflow-peer.py");
  const env = { ...process.env, MLFLOW_TRACKING_URI: server.uri };
  const printed = await run(await python(), [script, "log", "python_forest"], { env, cwd: folder });
  const { rows, predictions } = JSON.parse(printed.trim().split("\n").at(-1)!);
  await project.configure({ modelName: "python_forest" });
  await project.configure({ modelVersion: "1" });
  t.regex(await project.up(), /verified .*: version and sha256 \(the model has no golden sample\)/);
  const answer = await fetch(`${project.endpoint}/batch_predict`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ instances: rows.map(([a, b, c]: number[]) => ({ a, b, c })) }),
  });
  t.like(await answer.json(), { predictions, model_name: "python_forest" });
});

test.serial("a server that is down is an error that says so, and the service serves on", async (t) => {
  const before = await project.get("/metadata");
  await server.stop();
  t.regex(await project.failingUp(), /cannot reach .*127\.0\.0\.1/);
  t.deepEqual(await project.get("/metadata"), before);
});
