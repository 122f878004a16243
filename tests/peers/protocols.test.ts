import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { startServe } from "../../inference/fixtures/serve-process.ts";
import { serviceVersion } from "../../inference/version.ts";
import { mlflowVersion } from "../../mlflow/model-folder.ts";
import { openStore } from "../../mlflow/open-store.ts";
import { freePort } from "../free-port.ts";
import { golden, registration } from "./mlflow-forest.ts";
import { startMlflow } from "./mlflow-process.ts";
import { python, run } from "./python.ts";
import { bodiesWithGaps, type Kind, mlflowBodies, refusedBodies, stricterBodies } from "./scoring-bodies.ts";

const { model } = registration;
let folder: string;
let store: string;
/** Rows of the model `places`, and what scikit-learn answers to them. */
let places: { rows: unknown[]; labels: string[]; probabilities: number[][] };

test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), "protocols-"));
  store = join(folder, "mlruns");
  await openStore(store).logAndRegister(registration);
  places = await peer("log");
});
test.after.always(() => rm(folder, { recursive: true, force: true }));

/** Runs one command of protocols.py and gives what it prints last. */
// biome-ignore lint/suspicious/noExplicitAny: JSON of Python's, asserted part by part
async function peer(...args: string[]): Promise<any> {
  const env = { ...process.env, MLFLOW_ALLOW_FILE_STORE: "true", MLFLOW_TRACKING_URI: store };
  const output = await run(await python(), [join(import.meta.dirname, "protocols.py"), ...args], { env, cwd: folder });
  return JSON.parse(output.trim().split("\n").at(-1) ?? "");
}

async function serve(t: ExecutionContext, name: string): Promise<string> {
  const service = startServe({ MLFLOW_TRACKING_URI: store, MODEL_NAME: name });
  t.teardown(() => service.kill("SIGKILL"));
  const { port } = await service.logged("listening");
  await service.logged("ready");
  return String(port);
}

test.serial("Triton's client finds, asks and understands the service", async (t) => {
  const seen = await peer("triton", await serve(t, model), model);
  t.true(seen.live && seen.ready);
  t.deepEqual(seen.model_ready, [true, true]);
  t.deepEqual(seen.others_ready, [false, false]);
  t.deepEqual(seen.server, { name: "ml-inference", version: serviceVersion, extensions: ["binary_tensor_data"] });
  t.like(seen.model, { name: model, versions: ["1"], platform: "onnx_onnxv1" });
  t.deepEqual(
    seen.model.inputs.map(({ name, datatype }: Record<string, string>) => `${name} ${datatype}`),
    ["total_purchases INT64", "avg_purchase_value FP64", "support_tickets_count INT64"],
  );
  t.deepEqual(seen.version, seen.model);

  const answer = (from: number) => ({
    predictions: { dtype: "int64", values: golden.predictions.slice(from) },
    probabilities: { dtype: "float64", values: golden.probabilities.slice(from) },
  });
  t.deepEqual(seen.whole, answer(0));
  t.deepEqual(seen.json, answer(1));
  t.deepEqual(seen.by_feature, [answer(1), answer(1)]);
  t.deepEqual(seen.asynchronous, Array(20).fill(answer(0)));
  t.like(seen.named.response, { model_name: model, model_version: "1", id: "é 1" });
  t.deepEqual(seen.named.probabilities, answer(0).probabilities);
  t.false("predictions" in seen.named);

  const refusals = Object.entries<{ status: string; message: string }>(seen.refusals);
  t.deepEqual(
    refusals.map(([what, { status }]) => [what, status]),
    [
      ["model", "404"],
      ["version", "404"],
      ["input", "422"],
      ["datatype", "422"],
      ["output", "422"],
      ["compressed", "415"],
      ["unknown", "404"],
    ],
  );
  for (const [what, { message }] of refusals) t.regex(message, /expected|no such path/, what);
});

test.serial("Triton's client sends texts and gets texts, in JSON and binary", async (t) => {
  const seen = await peer("texts", await serve(t, "places"), JSON.stringify(places.rows));
  t.deepEqual(seen.datatypes, ["BYTES", "FP32"]);
  for (const { labels, probabilities } of seen.answers) {
    t.deepEqual(labels, places.labels);
    assertAlike(t, JSON.stringify(probabilities), JSON.stringify(places.probabilities), "probabilities");
  }
});

test.serial("MLflow's client pings the service, and is answered by data frames", async (t) => {
  const port = await serve(t, model);
  const seen = await peer("mlflow", port);
  const records = golden.predictions.map((label, at) => {
    const [first, second] = golden.probabilities[at]!;
    return { label, probability_0: first, probability_1: second };
  });
  t.is(seen.version, mlflowVersion);
  t.deepEqual(seen.frame, records);
  t.deepEqual(seen.params, records);
  t.deepEqual(seen.matrix, records.slice(1));
  t.regex(seen.refusal, /error code 422, .*total_purchases/);
  const headers = { "content-type": "text/csv" };
  const answer = await fetch(`http://127.0.0.1:${port}/invocations`, { method: "POST", body: seen.csv, headers });
  t.deepEqual(await answer.json(), { predictions: records });
});

const names = ["a", "b", "c"];
for (const [name, kind, columns, optional] of [
  [model, "named", golden.columns, 1],
  ["maps", "named", names, 2],
  ["words", "named", names, 2],
  ["regressor", "named", names, 2],
  ["tensors", "tensors", names, 2],
  ["tensor_maps", "tensors", names, 2],
  ["nothing", "nothing", names, 2],
  ["regressor_nothing", "nothing", names, 2],
] as [string, Kind, string[], number][])
  test.serial(`mlflow models serve and the service answer "${name}" alike`, async (t) => {
    const uri = `http://127.0.0.1:${await serve(t, name)}`;
    const args = ["models", "serve", "--model-uri", `models:/${name}/1`, "--env-manager", "local"];
    const port = String(await freePort());
    const peer = await startMlflow([...args, "--port", port], folder, { MLFLOW_TRACKING_URI: store });
    t.teardown(() => peer.stop());
    const both = ({ type, body }: { type: string; body: string }) =>
      Promise.all([invoke(peer.uri, type, body), invoke(uri, type, body)]);

    for (const path of ["/ping", "/version"]) {
      const [theirs, ours] = await Promise.all([fetch(peer.uri + path), fetch(uri + path)]);
      t.is(ours.status, theirs.status, path);
      t.is(await ours.text(), await theirs.text(), path);
    }
    const gaps = kind === "named" ? bodiesWithGaps(columns, optional) : [];
    for (const given of [...mlflowBodies(columns), ...gaps]) {
      const [theirs, ours] = await both(given);
      t.is(theirs.status, given.taken.includes(kind) ? 200 : 400, `${given.title}: ${theirs.text}`);
      if (theirs.status !== 200) continue;
      t.is(ours.status, 200, `${given.title}: ${ours.text}`);
      assertAlike(t, ours.text, theirs.text, given.title);
    }
    for (const given of refusedBodies(columns)) {
      const [theirs, ours] = await both(given);
      t.is(theirs.status, 400, `${given.title}: ${theirs.text}`);
      t.true(ours.status === 400 || ours.status === 422, `${given.title}: ${ours.text}`);
    }
    if (kind !== "named") return;
    for (const given of stricterBodies(columns)) {
      const [theirs, ours] = await both(given);
      t.is(theirs.status, 200, `${given.title}: ${theirs.text}`);
      t.true(ours.status === 400 || ours.status === 422, `${given.title}: ${ours.text}`);
    }
  });

async function invoke(uri: string, type: string, body: string): Promise<{ status: number; text: string }> {
  const answer = await fetch(`${uri}/invocations`, { method: "POST", body, headers: { "content-type": type } });
  return { status: answer.status, text: await answer.text() };
}

/** Asserts that two JSON texts are the same but for what 32-bit floats don't tell apart; Python's NaN is null. */
function assertAlike(t: ExecutionContext, ours: string, theirs: string, title: string): void {
  const [left, right] = [ours, theirs].map((text) => {
    const numbers: number[] = [];
    const rest = JSON.parse(text.replaceAll("NaN", "null"), (_, value) => {
      if (typeof value !== "number") return value;
      numbers.push(value);
      return "number";
    });
    return { numbers, rest };
  }) as [{ numbers: number[]; rest: unknown }, { numbers: number[]; rest: unknown }];
  t.deepEqual(left.rest, right.rest, title);
  const differences = left.numbers.map((number, at) => Math.abs(number - right.numbers[at]!));
  t.true(Math.max(0, ...differences) <= 1e-5, `${title}: ${ours}, ${theirs}`);
}
