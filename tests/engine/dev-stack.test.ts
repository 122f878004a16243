import { join } from "node:path";
import test from "ava";
import { isProcess } from "../../components/local/process-identity.ts";
import { goldenInputs } from "../../inference/golden-request.ts";
import { readModelFolder } from "../../mlflow/model-folder.ts";
import { checkResources } from "../../policy/check.ts";
import { startLoad } from "../load.ts";
import { restoreTable, rewriteTable } from "./rewrite-table.ts";
import { TestProject } from "./test-project.ts";

const project = await TestProject.make();
test.after.always(() => project.remove());

test.serial("a preview of a new stack says why a version is trained, and what is known only then", async (t) => {
  const output = await project.preview();
  t.regex(output, /churn_predictor_feast: a new version, trained in this run \(no version is registered/);
  t.regex(output, /metrics known after training/);
  t.deepEqual(await project.versions(), []);
});

test.serial("up trains, registers, serves and proves the sample's model", async (t) => {
  const output = await project.previewedUp();
  t.regex(output, /register: churn_predictor_feast version 1/);
  t.regex(output, /verified .*: version, sha256 and \d+ golden rows/);
  const outputs = await project.outputs();
  t.like(outputs, { modelName: "churn_predictor_feast", modelVersion: "1", endpoint: project.endpoint });
  const metadata = await project.get("/metadata");
  t.is(metadata.model_version, "1");
  t.is(metadata.model_sha256, outputs.sha256);
  t.is(metadata.mlflow_run_id, outputs.runId);
  t.like(await project.get("/health"), { status: "healthy", model_loaded: true });
});

test.serial("no resource breaks a rule that a reviewer would enforce", async (t) => {
  const resources = await project.resources();
  t.true(resources.some(({ type }) => type.endsWith(":TrainedModel")));
  const registered = resources.map(({ type, urn, inputs = {} }) => ({
    type,
    name: urn.split("::").at(-1)!,
    properties: inputs,
  }));
  t.deepEqual(
    checkResources(registered).map(({ message }) => message),
    [],
  );
});

test.serial("a second up changes nothing and trains nothing", async (t) => {
  const output = await project.up();
  t.regex(output, /6 unchanged/);
  t.notRegex(output, /features:|train:/);
  t.is((await project.versions()).length, 1);
});

const changes: readonly [what: string, part: string, make: () => Promise<unknown>, undo: () => Promise<unknown>][] = [
  ["a hyperparameter", "hyperparameters", set("minSamplesLeaf", "5"), set("minSamplesLeaf", "1")],
  ["the split by time", "split", set("trainBefore", "1997-11-01"), set("trainBefore", "")],
  ["the list of features", "features", set("features", "customer_purchases:total_purchases"), set("features", "")],
  [
    "a feature's rows",
    "features",
    rewrite("customer_support", "support_tickets_count + (customer_id % 100 = 7)::int as support_tickets_count"),
    restore("customer_support"),
  ],
  ["the labels", "labels", rewrite("churn_labels", "1 - churned as churned"), restore("churn_labels")],
];

for (const [what, part, make, undo] of changes) {
  test.serial(`preview names ${what} as what would train a new version, and trains nothing`, async (t) => {
    await make();
    const output = await project.preview();
    await undo();
    const [, diff = ""] = /TrainedModel trainer-model update \[diff: (.*)\]/.exec(output) ?? [];
    const named = diff.match(/features|labels|hyperparameters|split|format/g);
    t.deepEqual(named, [part], output);
    t.is((await project.versions()).length, 1);
  });
}

test.serial("changed hyperparameters train a second version, which takes over", async (t) => {
  await project.configure({ nEstimators: "12" });
  t.regex(await project.up(), /register: churn_predictor_feast version 2/);
  t.is((await project.get("/metadata")).model_version, "2");
});

test.serial("a rollback under load switches to version 1 and fails none of 5,000 requests", async (t) => {
  const { golden } = await readModelFolder(await project.modelFolder("1"));
  const load = startLoad(project.endpoint, goldenInputs(golden!));
  await load.more(2000);
  await project.configure({ modelVersion: "1" });
  const output = await project.up();
  t.is((await project.get("/metadata")).model_version, "1");
  await load.more(Math.max(1000, 5000 - load.requests));
  const { requests, failures, versions } = await load.stop();
  t.deepEqual(failures, []);
  t.true(requests >= 5000);
  t.deepEqual(Object.keys(versions).sort(), ["1", "2"]);
  t.notRegex(output, /train:/);
  t.log(`${requests} requests: ${JSON.stringify(versions)}`);
});

test.serial("latest again is version 2, found by its fingerprint and not trained again", async (t) => {
  await project.configure({ modelVersion: "latest" });
  t.notRegex(await project.up(), /train:/);
  t.is((await project.get("/metadata")).model_version, "2");
  t.is((await project.versions()).length, 2);
});

test.serial("a version that doesn't exist is an error that lists those that do, and nothing changes", async (t) => {
  await project.configure({ modelVersion: "9" });
  t.regex(await project.failingUp(), /expected version 9 of model churn_predictor_feast.*it holds version 2, 1/);
  t.is((await project.get("/metadata")).model_version, "2");
  await project.configure({ modelVersion: "latest" });
});

test.serial("an unknown key of the config is an error that names the nearest one", async (t) => {
  await project.configure({ modelVerson: "1" });
  t.regex(await project.failingUp(), /config modelVerson: no such key; did you mean modelVersion\?/);
  await project.pulumi("config", "rm", "modelVerson", "--stack", "dev");
});

test.serial("destroy leaves no process, and the registered versions stay", async (t) => {
  const { id, pid, instances } = await project.supervisor();
  const runs = (process: number) => isProcess(process, id);
  t.true([pid, ...instances].every(runs));
  const { status } = await project.pulumi("destroy", "--yes", "--stack", "dev");
  t.is(status, 0);
  t.false([pid, ...instances].some(runs));
  t.is((await project.versions()).length, 2);
});

function set(key: string, value: string) {
  return () => project.configure({ [key]: value });
}

function table(name: string) {
  return join(project.folder, "trainer", "sample", "data", `${name}.parquet`);
}

function rewrite(name: string, expression: string) {
  return () => rewriteTable(table(name), `* replace (${expression})`);
}

function restore(name: string) {
  return () => restoreTable(table(name));
}
