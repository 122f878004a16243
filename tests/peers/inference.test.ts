import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { createApp } from "../../inference/app.ts";
import { startServe } from "../../inference/fixtures/serve-process.ts";
import { listen } from "../../inference/http-server.ts";
import { loadModel } from "../../inference/model/load-model.ts";
import { UnsupportedModel } from "../../inference/model/unsupported-model.ts";
import { requestJson } from "../../inference/request-json.ts";
import { Serving } from "../../inference/serving.ts";
import { openStore } from "../../mlflow/open-store.ts";
import { startMlflow } from "./mlflow-process.ts";
import { python, run } from "./python.ts";

/** What Python's ONNX Runtime answers to the rows of a request. */
interface PeerAnswer {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
  /** Labels, or a regressor's values. */
  readonly values: readonly (number | string | boolean)[];
  readonly probabilities: readonly (readonly number[])[] | null;
}

const served = [
  ...["matrix", "three_classes", "zipmap", "zipmap_three", "zipmap_columns", "truth_label", "further_outputs"],
  ...["text_label", "text_label_zipmap", "text_label_columns"],
  ...["array", "no_signature", "numbered_columns", "integers", "doubles", "truths"],
  ...["logistic_regression", "gradient_boosting", "support_vectors", "neural_network", "neighbours", "naive_bayes"],
  ...["calibrated", "lightgbm", "lightgbm_regression", "linear_regression", "forest_regression", "texts_regression"],
  ...["input_a_column", "tensors_by_name", "column_without_input", "groups"],
  ...["texts", "texts_in_another_order", "texts_without_signature", "strict_texts", "double_zipmap", "text_matrix"],
  ...["missing_numbers", "missing_numbers_by_column", "missing_text_none", "missing_text_nan"],
  ...["clusters", "outliers", "margin", "margins", "named_classes"],
];
const refused: Readonly<Record<string, RegExp>> = {
  several_targets: /output variable holds 2 values a row/,
  several_targets_undeclared: /output variable came with the shape \[2,2\], expected \[2\]/,
  several_labels: /output probabilities is a sequence or map/,
  embedding: /output variable holds 2 values a row/,
  probabilities_alone: /output probabilities holds 3 values a row, .* metadata=\{"classes": \[…\]\}/,
  sequence_input: /input rows is no tensor/,
  one_row: /input X has the shape \[1,3\], which takes 1 rows/,
  other_width: /input X takes 2 columns, and its signature has 3: total purchases, avg_value, days/,
  missing_integers: /column total purchases may be missing, and its input total_purchases \(int64\)/,
};
/** Which models are asked about, by the kind of store: what a model is like doesn't depend on the store. */
const kinds = {
  "file store": { served, refused: Object.keys(refused) },
  server: {
    served: ["matrix", "zipmap", "linear_regression", "texts", "tensors_by_name"],
    refused: ["several_targets"],
  },
};

/** Stores in which real MLflow has logged the models, by kind. */
const uris: Record<string, string> = {};
let answers: { readonly served: Readonly<Record<string, PeerAnswer>>; readonly refused: readonly string[] };
const stops: (() => Promise<unknown>)[] = [];

test.before(async () => {
  const folder = await mkdtemp(join(tmpdir(), "inference-peers-"));
  stops.push(() => rm(folder, { recursive: true, force: true }));
  const server = await startMlflow(["server", "--port", "0", "--workers", "1"], folder);
  stops.unshift(() => server.stop());
  Object.assign(uris, { server: server.uri, "file store": join(folder, "mlruns") });
  const env = { ...process.env, MLFLOW_ALLOW_FILE_STORE: "true", GIT_PYTHON_REFRESH: "quiet" };
  const script = join(import.meta.dirname, "inference.py");
  const stores = [uris["file store"]!, server.uri, ...kinds.server.served, ...kinds.server.refused];
  const printed = await run(await python(), ["-B", script, ...stores], { cwd: folder, env });
  answers = JSON.parse(printed.trim().split("\n").at(-1)!);
});
test.after.always(async () => {
  for (const stop of stops) await stop();
});

test("the models that Python logs are those that are asked about here", (t) => {
  t.deepEqual(Object.keys(answers.served).sort(), [...served].sort());
  t.deepEqual([...answers.refused].sort(), Object.keys(refused).sort());
});

/** The service over a model that MLflow holds, in this process. */
async function serve(t: ExecutionContext, kind: string, name: string): Promise<string> {
  const serving = new Serving({ name, version: "1" });
  const model = await loadModel({ store: openStore(uris[kind]!), name, version: "1" });
  t.teardown(() => model.release());
  serving.serve(model);
  const server = await listen(createApp(serving), "127.0.0.1", 0);
  t.teardown(() => server.drain(0));
  return `http://127.0.0.1:${server.port}`;
}

/** Asks both endpoints, and compares with Python's answer. */
async function compare(t: ExecutionContext, endpoint: string, expected: PeerAnswer): Promise<void> {
  const { columns, rows, values, probabilities } = expected;
  const inputs = Object.fromEntries(columns.map((name, at) => [name, rows.map((row) => row[at])]));
  const instances = rows.map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at]])));
  for (const [path, rows] of Object.entries({ predict: { inputs }, batch_predict: { instances } })) {
    const body = probabilities ? { ...rows, return_probabilities: true } : rows;
    const answer = await requestJson(`${endpoint}/${path}`, { body });
    t.is(answer.status, 200, answer.text);
    const got = answer.body as { predictions: (number | string)[]; probabilities?: number[][] };
    t.true(near(got.predictions, values), `expected ${values}, got ${got.predictions}`);
    t.deepEqual(
      got.probabilities?.map((row) => row.length),
      probabilities?.map((row) => row.length),
    );
    t.true(near(got.probabilities?.flat() ?? [], probabilities?.flat() ?? []), `got ${got.probabilities}`);
    if (probabilities) continue;
    const asked = await requestJson(`${endpoint}/${path}`, { body: { ...body, return_probabilities: true } });
    t.is(asked.status, 422);
    t.regex(asked.text, /return_probabilities: expected false, as this model gives no probabilities/);
  }
}

/** Equal texts; numbers may differ by what floats of 32 bits do. */
function near(got: PeerAnswer["values"], expected: PeerAnswer["values"]): boolean {
  return got.length === expected.length && got.every((value, at) => isNear(value, expected[at]!));
}

function isNear(got: number | string | boolean, expected: number | string | boolean): boolean {
  if (typeof expected === "string") return got === expected;
  return typeof got === "number" && Math.abs(got - Number(expected)) <= 1e-6 * Math.max(1, Math.abs(got));
}

for (const [kind, models] of Object.entries(kinds)) {
  for (const name of models.served)
    test.serial(`${kind}: "${name}", which Python's MLflow logged, is answered as Python does`, async (t) => {
      await compare(t, await serve(t, kind, name), answers.served[name]!);
    });

  for (const name of models.refused)
    test.serial(`${kind}: "${name}", which Python's MLflow logged, is refused at load, with the reason`, async (t) => {
      await t.throwsAsync(loadModel({ store: openStore(uris[kind]!), name, version: "1" }), {
        instanceOf: UnsupportedModel,
        message: refused[name]!,
      });
    });

  test.serial(`${kind}: the service as a process answers such a model, or ends with the reason`, async (t) => {
    const service = startServe({ MLFLOW_TRACKING_URI: uris[kind], MODEL_NAME: "texts" });
    t.teardown(() => service.kill("SIGKILL"));
    const { port } = await service.logged("listening");
    await service.logged("ready");
    await compare(t, `http://127.0.0.1:${port}`, answers.served.texts!);
    const failing = await startServe({ MLFLOW_TRACKING_URI: uris[kind], MODEL_NAME: "several_targets" }).ended;
    t.is(failing.status, 1);
    t.regex(JSON.parse(failing.stdout.trim().split("\n").at(-1)!).msg, refused.several_targets!);
  });
}

test.serial("a text that the model wasn't trained on fails its own request, not those that come with it", async (t) => {
  const endpoint = await serve(t, "file store", "strict_texts");
  const { columns, rows, values } = answers.served.strict_texts!;
  const known = Object.fromEntries(columns.map((name, at) => [name, rows[0]![at]]));
  const ask = (instances: object[]) => requestJson(`${endpoint}/batch_predict`, { body: { instances } });
  const asked = await Promise.all([ask([known]), ask([known, { ...known, city: "Paris" }]), ask([known])]);
  t.deepEqual(
    asked.map(({ status }) => status),
    [200, 422, 200],
  );
  t.deepEqual((asked[0]!.body as { predictions: unknown }).predictions, [values[0]]);
  t.regex(asked[1]!.text, /values that the model knows from its training.*Unknown Category/);
});
