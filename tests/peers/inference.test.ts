import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { startServe } from "../../inference/fixtures/serve-process.ts";
import { requestJson } from "../../inference/request-json.ts";
import { startMlflow } from "./mlflow-process.ts";
import { python, run } from "./python.ts";

/** What Python's ONNX Runtime answers to the rows of a request. */
interface PeerAnswer {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly number[])[];
  readonly labels: readonly number[];
  readonly probabilities: readonly (readonly number[])[];
}

const served = ["matrix", "three_classes", "zipmap_columns", "array", "no_signature", "input_a_column"];
const refused = {
  zipmap: /output_probability is a sequence of maps .* options=\{'zipmap': False\}/,
  string_label: /label is a string: train it on integer classes/,
  regression: /no output holds an integer label: it is no classifier/,
};

/** Stores in which real MLflow has logged the models, by kind, with what it answers. */
const stores: Record<string, { uri: string; expected: Record<string, PeerAnswer> }> = {};
const stops: (() => Promise<unknown>)[] = [];

test.before(async () => {
  const folder = await mkdtemp(join(tmpdir(), "inference-peers-"));
  stops.push(() => rm(folder, { recursive: true, force: true }));
  const server = await startMlflow(["server", "--port", "0", "--workers", "1"], folder);
  stops.unshift(() => server.stop());
  for (const [kind, uri] of Object.entries({ server: server.uri, "file store": join(folder, "mlruns") })) {
    const env = {
      ...process.env,
      MLFLOW_TRACKING_URI: uri,
      MLFLOW_ALLOW_FILE_STORE: "true",
      GIT_PYTHON_REFRESH: "quiet",
    };
    const printed = await run(await python(), [join(import.meta.dirname, "inference.py")], { cwd: folder, env });
    stores[kind] = { uri, expected: JSON.parse(printed.trim().split("\n").at(-1)!) };
  }
});
test.after.always(async () => {
  for (const stop of stops) await stop();
});

for (const kind of ["server", "file store"]) {
  for (const model of served)
    test.serial(
      `${kind}: the service loads "${model}", which Python's MLflow and skl2onnx logged, and answers as Python does`,
      async (t) => {
        const { uri, expected } = stores[kind]!;
        const { columns, rows, labels, probabilities } = expected[model]!;
        const service = startServe({ MLFLOW_TRACKING_URI: uri, MODEL_NAME: model });
        t.teardown(() => service.kill("SIGKILL"));
        const { port } = await service.logged("listening");
        await service.logged("ready");
        const inputs = Object.fromEntries(columns.map((name, at) => [name, rows.map((row) => row[at])]));
        const instances = rows.map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at]])));
        for (const [path, body] of Object.entries({ predict: { inputs }, batch_predict: { instances } })) {
          const answer = await requestJson(`http://127.0.0.1:${port}/${path}`, {
            body: { ...body, return_probabilities: true },
          });
          t.is(answer.status, 200, answer.text);
          const got = answer.body as { predictions: number[]; probabilities: number[][] };
          t.deepEqual(got.predictions, labels);
          t.deepEqual(
            got.probabilities.map((row) => row.length),
            probabilities.map((row) => row.length),
          );
          const differences = probabilities.flatMap((row, at) =>
            row.map((value, place) => Math.abs(value - got.probabilities[at]![place]!)),
          );
          t.true(Math.max(...differences) <= 1e-6);
        }
      },
    );

  for (const [model, reason] of Object.entries(refused))
    test.serial(`${kind}: the service refuses "${model}" at load, with the reason`, async (t) => {
      const { status, stdout } = await startServe({ MLFLOW_TRACKING_URI: stores[kind]!.uri, MODEL_NAME: model }).ended;
      t.is(status, 1);
      t.regex(JSON.parse(stdout.trim().split("\n").at(-1)!).msg, reason);
    });
}
