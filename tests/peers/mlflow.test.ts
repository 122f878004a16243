import { mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import test, { type ExecutionContext } from "ava";
import fc from "fast-check";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { readModelFolder } from "../../mlflow/model-folder.ts";
import { openStore } from "../../mlflow/open-store.ts";
import { resolveVersion } from "../../mlflow/resolve-version.ts";
import { fromYaml, toYaml } from "../../mlflow/yaml.ts";
import { freePort } from "../free-port.ts";
import { golden, registration } from "./mlflow-forest.ts";
import { type MlflowProcess, startMlflow } from "./mlflow-process.ts";
import { python, run } from "./python.ts";

const { model } = registration;
const script = join(import.meta.dirname, "mlflow-peer.py");

let folder: string;
let server: MlflowProcess;

test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), "mlflow-"));
  const data = join(folder, "server");
  const backend = ["--backend-store-uri", `sqlite:///${data}.db`, "--artifacts-destination", data];
  server = await startMlflow(["server", "--port", "0", "--workers", "1", ...backend], folder);
});

test.after.always(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Runs one command of mlflow-peer.py and gives what it prints last. */
// biome-ignore lint/suspicious/noExplicitAny: JSON of Python's, asserted part by part
async function peer(uri: string, ...args: string[]): Promise<any> {
  const env = { ...process.env, MLFLOW_ALLOW_FILE_STORE: "true", MLFLOW_TRACKING_URI: uri };
  const output = await run(await python(), [script, ...args], { env, cwd: folder });
  return JSON.parse(output.trim().split("\n").at(-1) ?? "");
}

const stores = {
  "file store": async () => pathToFileURL(join(await mkdtemp(join(folder, "files with space ")), "mlruns")).href,
  server: async () => server.uri,
};

function assertAnswers(t: ExecutionContext, answers: unknown): void {
  t.deepEqual(answers, {
    label: golden.predictions,
    probability_0: golden.probabilities.map(([first]) => first),
    probability_1: golden.probabilities.map(([, second]) => second),
  });
}

for (const [kind, place] of Object.entries(stores)) {
  test.serial(`${kind}: Python loads what we registered, and MLflow's client lists all of it`, async (t) => {
    const uri = await place();
    const store = openStore(uri);
    const version = await store.logAndRegister({ ...registration, model: `ours_${model}` });
    await store.setAlias(version.name, "champion", version.version);
    await store.setVersionTag(version.name, version.version, "team", "growth");
    const seen = await peer(uri, "read", version.name, version.version, JSON.stringify(golden));

    assertAnswers(t, seen.onnx);
    assertAnswers(t, seen.frame);
    assertAnswers(t, seen.dict);
    t.deepEqual(seen.dtypes, ["int64", "float64", "int64"]);
    t.deepEqual(seen.signature, registration.artifact.signature);
    t.deepEqual(seen.metadata, { model_type: "RandomForestClassifier", classes: [0, 1] });
    t.deepEqual(seen.example, [[3, null, 0]]);
    t.is(seen.run.status, "FINISHED");
    t.is(seen.run.name, registration.runName);
    t.deepEqual(
      seen.run.params,
      Object.fromEntries(Object.entries(registration.params).map(([k, v]) => [k, String(v)])),
    );
    t.deepEqual(seen.run.metrics, registration.metrics);
    t.true(seen.run.history.every((points: number) => points === 1));
    t.like(seen.run.tags, registration.tags);
    const { sourceType, ...dataset } = registration.dataset;
    t.deepEqual(seen.run.datasets, [{ ...dataset, source_type: sourceType }]);
    t.deepEqual(seen.run.contexts, [["training"]]);
    t.deepEqual(seen.run.outputs, [seen.logged.id]);
    t.like(seen.logged, { name: "model", type: "RandomForestClassifier", status: "READY", run: version.runId });
    t.deepEqual(seen.logged.metrics, registration.metrics);
    t.deepEqual(seen.logged.params, seen.run.params);
    t.deepEqual(
      seen.logged.versions.map((entry: { version: unknown }) => String(entry.version)).at(-1),
      version.version,
    );
    t.deepEqual(seen.version, { status: "READY", tags: { ...version.tags, team: "growth" }, aliases: ["champion"] });
    t.true(seen.experiments.includes("Default") && seen.experiments.includes(registration.experiment));
    t.true(seen.models.includes(version.name));
  });

  test.serial(`${kind}: we read what Python's mlflow and skl2onnx logged`, async (t) => {
    const uri = await place();
    const logged = await peer(uri, "log", "python_forest");
    const store = openStore(uri);
    const versions = await store.listVersions("python_forest");
    t.deepEqual(
      versions.map(({ version }) => version),
      ["4", "3", "2", "1"],
    );

    const first = await resolveVersion(store, "python_forest", "@champion");
    t.like(first, { version: "1", runId: logged.runs.columns, tags: { team: "growth" }, aliases: ["champion"] });
    t.deepEqual(await store.getVersion("python_forest", "1"), first);
    t.deepEqual(versions.at(-1), first);
    const trained = await store.getRun(first.runId);
    t.like(trained, { status: "FINISHED", name: "columns", metrics: { loss: 0.5 } });
    t.deepEqual(trained.params, { kind: "columns", none: "None" });

    const dir = join(folder, `${kind}-python-forest`);
    await store.downloadModel(first, dir);
    const found = await readModelFolder(dir);
    t.deepEqual(
      found.signature?.inputs,
      ["a", "b", "c"].map((name) => ({ name, type: "float", required: true }) as const),
    );
    t.is(found.runId, first.runId);
    const session = await InferenceSession.create(found.onnx as Uint8Array);
    const input = new Tensor("float32", Float32Array.from(logged.rows.flat()), [logged.rows.length, 3]);
    const answer = await session.run({ X: input }, ["label"]);
    t.deepEqual(Array.from(answer.label!.data as BigInt64Array, Number), logged.predictions);

    await store.downloadModel(versions[2]!, `${dir}-tensors`);
    const tensors = await readModelFolder(`${dir}-tensors`);
    t.is(tensors.signature, undefined);
    t.deepEqual(tensors.tensors?.inputs, [{ dtype: "float32", shape: [-1, 3] }]);
    await store.downloadModel(versions[1]!, `${dir}-none`);
    const none = await readModelFolder(`${dir}-none`);
    t.is(none.signature ?? none.tensors, undefined);
    await store.downloadModel(versions[0]!, `${dir}-external`);
    await t.throwsAsync(readModelFolder(`${dir}-external`), {
      message: /keeps tensors in other files.*save_as_external_data=False/,
    });
  });
}

test.serial("file store: MLflow and we register in turn, and it may move", async (t) => {
  const before = join(await mkdtemp(join(folder, "move-")), "mlruns");
  const store = openStore(before);
  await store.logAndRegister(registration);
  t.is((await peer(before, "log", model)).predictions.length, 5);
  t.is((await store.logAndRegister(registration)).version, "6");

  const after = join(await mkdtemp(join(folder, "moved-")), "mlruns");
  await rename(before, after);
  const moved = openStore(after);
  for (const number of ["1", "2", "6"]) {
    const version = await moved.getVersion(model, number);
    await moved.downloadModel(version!, join(folder, `moved-model-${number}`));
  }
  await moved.setAlias(model, "champion", "6");
  for (const number of ["1", "6"])
    assertAnswers(t, (await peer(after, "read", model, number, JSON.stringify(golden))).onnx);
  t.is((await moved.logAndRegister(registration)).version, "7");
  const seen = await peer(after, "read", model, "7", JSON.stringify(golden));
  t.deepEqual(seen.versions, [1, 2, 3, 4, 5, 6, 7]);
  t.deepEqual(seen.experiments, ["Default", registration.experiment, "python"]);
});

test.serial("file store: the entries of each kind of file are those that MLflow writes", async (t) => {
  const ours = join(await mkdtemp(join(folder, "ours-")), "mlruns");
  const theirs = join(await mkdtemp(join(folder, "theirs-")), "mlruns");
  const version = await openStore(ours).logAndRegister(registration);
  await openStore(ours).setAlias(version.name, "champion", "1");
  await peer(theirs, "log", model);
  const [left, right] = [await entriesByPlace(ours), await entriesByPlace(theirs)];
  for (const [place, entries] of right) {
    t.true(left.has(place), place);
    const missing = entries.filter((entry) => !left.get(place)?.includes(entry));
    t.deepEqual(missing, [], place);
  }
});

/** Entries of all meta.yaml and MLmodel files, by place with what is a name or an id taken out. */
async function entriesByPlace(root: string): Promise<Map<string, string[]>> {
  const places = new Map<string, string[]>();
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (entry.name !== "meta.yaml" && entry.name !== "MLmodel") continue;
    const file = join(entry.parentPath, entry.name);
    const place = relative(root, file).replace(/[0-9a-f]{18,32}|version-\d+/g, "*");
    places.set(place, Object.keys(fromYaml(await readFile(file, "utf8"), file) ?? {}));
  }
  return places;
}

test.serial("file store: MLflow's UI opens it, and a server over it answers as we do", async (t) => {
  const root = join(await mkdtemp(join(folder, "ui-")), "mlruns");
  const files = openStore(root);
  const version = await files.logAndRegister(registration);
  await files.setAlias(model, "champion", version.version);
  const ui = await startMlflow(["server", "--backend-store-uri", root, "--port", "0", "--workers", "1"], folder);
  t.teardown(() => ui.stop());

  const page = await fetch(ui.uri);
  t.is(page.status, 200);
  t.regex(await page.text(), /<html/i);
  const rest = openStore(ui.uri);
  t.deepEqual(await rest.listVersions(model), await files.listVersions(model));
  t.deepEqual(await rest.getVersionByAlias(model, "champion"), await files.getVersionByAlias(model, "champion"));
  t.deepEqual(await rest.getRun(version.runId), await files.getRun(version.runId));
  const { experimentId } = await files.getRun(version.runId);
  const ask = async (path: string, body: unknown) => {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${ui.uri}/ajax-api/2.0/mlflow/${path}`, {
      method: "POST",
      headers,
      body: JSON.stringify(body),
    });
    t.is(answer.status, 200, path);
    return answer.json();
  };
  const runs = (await ask("runs/search", { experiment_ids: [experimentId] })) as { runs: unknown[] };
  t.is(runs.runs.length, 1);
  const models = (await ask("logged-models/search", { experiment_ids: [experimentId] })) as { models: unknown[] };
  t.is(models.models.length, 1);
  const artifacts = await fetch(
    `${ui.uri}/ajax-api/2.0/mlflow/logged-models/${version.source.slice("models:/".length)}/artifacts/directories`,
  );
  const { files: listed } = (await artifacts.json()) as { files: { path: string }[] };
  t.true(listed.some(({ path }) => path === "model.onnx"));
});

test.serial("mlflow models serve answers as the golden sample", async (t) => {
  const root = join(await mkdtemp(join(folder, "serve-")), "mlruns");
  const { version } = await openStore(root).logAndRegister(registration);
  const port = String(await freePort());
  const args = [
    "models",
    "serve",
    "--model-uri",
    `models:/${model}/${version}`,
    "--env-manager",
    "local",
    "--port",
    port,
  ];
  const service = await startMlflow(args, folder, { MLFLOW_TRACKING_URI: root });
  t.teardown(() => service.stop());
  const columns = golden.columns.map((name, index) => [name, golden.rows.map((row) => row[index])]);
  const bodies = {
    dataframe_split: { columns: golden.columns, data: golden.rows },
    inputs: Object.fromEntries(columns),
    dataframe_records: golden.rows.map((row) =>
      Object.fromEntries(golden.columns.map((name, index) => [name, row[index]])),
    ),
  };
  for (const [key, value] of Object.entries(bodies)) {
    const answer = await fetch(`${service.uri}/invocations`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ [key]: value }),
    });
    const text = await answer.text();
    t.is(answer.status, 200, `${key}: ${text}`);
    const { predictions } = JSON.parse(text) as { predictions: { label: number; probability_1: number }[] };
    t.deepEqual(
      predictions.map(({ label }) => label),
      golden.predictions,
      key,
    );
    t.deepEqual(
      predictions.map((row) => row.probability_1),
      golden.probabilities.map(([, second]) => second),
      key,
    );
  }
});

test.serial("server: a Host header that it refuses is an error that says what to do", async (t) => {
  const strict = await startMlflow(
    ["server", "--port", "0", "--workers", "1", "--allowed-hosts", "mlflow.example"],
    await mkdtemp(join(folder, "strict-")),
  );
  t.teardown(() => strict.stop());
  const message = /refuses requests to the host "127\.0\.0\.1:\d+": start it with --allowed-hosts "127\.0\.0\.1:\*/;
  await t.throwsAsync(openStore(strict.uri).listVersions(model), { message });
});

test.serial(
  "server: two at once take different versions; a missing thing is undefined; an upload called off leaves no version",
  async (t) => {
    const store = openStore(server.uri);
    const name = "at_once";
    const made = await Promise.all([1, 2, 3].map(() => store.logAndRegister({ ...registration, model: name })));
    t.deepEqual(made.map(({ version }) => version).sort(), ["1", "2", "3"]);
    t.is(await store.getVersion(name, "9"), undefined);
    t.is(await store.getVersionByAlias(name, "nobody"), undefined);
    t.is(await store.getVersionByAlias("nothing", "nobody"), undefined);
    t.deepEqual(await store.listVersions("nothing"), []);
    await t.throwsAsync(resolveVersion(store, name, "7"), {
      message: /expected version 7 .* it holds version 3, 2, 1/,
    });
    const controller = new AbortController();
    const calledOff = store.logAndRegister({ ...registration, model: "called_off" }, controller.signal);
    controller.abort();
    await t.throwsAsync(calledOff, { name: "AbortError" });
    t.deepEqual(await store.listVersions("called_off"), []);
  },
);

test.serial("PyYAML reads every text that we write", async (t) => {
  const scalar = fc.oneof(
    fc.string({ unit: "binary" }).filter((text) => text.isWellFormed()),
    fc.constantFrom(
      "yes",
      "No",
      "on",
      "~",
      "null",
      "1:30",
      "0o17",
      "017",
      "1e3",
      "1_000",
      ".5",
      "2001-01-01",
      "=",
      "<<",
      "0x1F",
      "!!x",
      "- a",
      "a: b",
      "#",
      " a",
      "a ",
      "",
      "\u0085",
      "\u2028",
      "None",
      "'",
      '"',
      "%a",
      "@b",
      "`",
    ),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0)),
    fc.boolean(),
    fc.constant(null),
  );
  const values = fc.sample(fc.dictionary(fc.stringMatching(/^[a-z_]{1,12}$/), fc.oneof(scalar, fc.array(scalar))), 500);
  const file = join(folder, "yaml.json");
  await writeFile(file, JSON.stringify(values.map(toYaml)));
  const read = await peer("unused", "yaml", file);
  t.deepEqual(read, JSON.parse(JSON.stringify(values)));
});
