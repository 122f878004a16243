import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { writeFiles } from "../file/files.ts";
import { artifactFixture, emptyOnnx, featureServiceFixture } from "../fixture.ts";
import { sha256Hex } from "./digest.ts";
import { readModelFolder } from "./read.ts";
import { modelFolderFiles } from "./write.ts";

const identity = { modelId: "m-1", runId: "r1", artifactUri: "file:///x", createdAt: 1_762_000_000_123 };

let root: string;
test.before(async () => {
  root = await mkdtemp(join(tmpdir(), "model-folder-"));
});
test.after.always(() => rm(root, { recursive: true, force: true }));

async function folder(files: Iterable<readonly [string, Uint8Array | string]>): Promise<string> {
  const dir = await mkdtemp(join(root, "model-"));
  await writeFiles(dir, files);
  return dir;
}

/** A folder as Python writes it, with these lines in MLmodel. */
function pythonFolder(mlmodel: string, onnx = emptyOnnx()): Promise<string> {
  return folder([
    ["MLmodel", mlmodel],
    ["model.onnx", onnx],
  ]);
}

const flavor = "flavors:\n  onnx:\n    data: model.onnx\n";

test("a folder of ours reads back whole", async (t) => {
  const artifact = artifactFixture({ featureService: featureServiceFixture });
  const read = await readModelFolder(await folder(modelFolderFiles(artifact, identity)));
  t.deepEqual(
    { ...read, onnx: Uint8Array.from(read.onnx) },
    {
      onnx: Uint8Array.from(artifact.onnx),
      sha256: sha256Hex(artifact.onnx),
      onnxFile: "model.onnx",
      runId: "r1",
      modelType: artifact.modelType,
      classes: artifact.classes,
      signature: artifact.signature,
      golden: artifact.golden,
      baseline: artifact.baseline,
      featureService: artifact.featureService,
    },
  );
});

test("the same artifact gives the same bytes", (t) => {
  t.deepEqual(modelFolderFiles(artifactFixture(), identity), modelFolderFiles(artifactFixture(), identity));
});

test("MLmodel holds what Python writes", (t) => {
  const text = modelFolderFiles(artifactFixture(), identity).get("MLmodel") as string;
  t.regex(text, /\n {4}providers:\n {4}- CPUExecutionProvider\n/);
  t.regex(text, /\n {4}loader_module: mlflow\.onnx\n/);
  t.regex(text, /\nutc_time_created: "2025-11-01 12:26:40\.123000"\n/);
  t.regex(text, /inputs: "\[\{\\"type\\": \\"long\\", \\"name\\": \\"total_purchases\\", \\"required\\": true\}, /);
});

test("parts that don't fit together are refused", (t) => {
  const golden = artifactFixture().golden;
  const refuse = (overrides: Parameters<typeof artifactFixture>[0], message: RegExp) =>
    t.throws(() => modelFolderFiles(artifactFixture(overrides), identity), { message });
  refuse({ golden: { ...golden, columns: ["a", "b"] } }, /golden sample: expected the signature's columns/);
  refuse({ golden: { ...golden, predictions: [1] } }, /golden sample: expected 2 predictions/);
  refuse({ classes: [0, 1, 2] }, /golden sample: expected 3 probabilities a row/);
  refuse(
    { featureService: { ...featureServiceFixture, features: [] } },
    /feature service: expected the signature's columns total_purchases, avg_purchase_value, got $/,
  );
  refuse(
    { inputExample: [{ nothing: 1 }] },
    /input example, row 0: expected only total_purchases, avg_purchase_value, got nothing/,
  );
});

test("a folder without signature, golden sample and baseline is read without them", async (t) => {
  const { onnx, sha256, ...rest } = await readModelFolder(await pythonFolder(flavor));
  t.deepEqual(rest, { onnxFile: "model.onnx", modelType: "onnx" });
});

test("the ONNX file may have another name", async (t) => {
  const dir = await folder([
    ["MLmodel", "flavors:\n  onnx:\n    data: data/net.onnx\n"],
    ["data/net.onnx", emptyOnnx()],
  ]);
  t.is((await readModelFolder(dir)).onnxFile, join("data", "net.onnx"));
});

test("a tensor signature is told as tensors", async (t) => {
  const spec = '[{"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1, 3]}}]';
  const read = await readModelFolder(await pythonFolder(`${flavor}signature:\n  inputs: '${spec}'\n  outputs: null\n`));
  t.deepEqual(read.tensors, { inputs: [{ dtype: "float32", shape: [-1, 3] }], outputs: [] });
  t.is(read.signature, undefined);
});

test("columns with a tensor as output keep their inputs", async (t) => {
  const inputs = '[{"type": "float", "name": "a", "required": true}]';
  const outputs = '[{"type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1]}}]';
  const read = await readModelFolder(
    await pythonFolder(`${flavor}signature:\n  inputs: '${inputs}'\n  outputs: '${outputs}'\n`),
  );
  t.deepEqual(read.signature, { inputs: [{ name: "a", type: "float", required: true }], outputs: [] });
});

test("columns that pandas numbered are named by their numbers", async (t) => {
  const inputs = '[{"type": "double", "name": 0, "required": true}, {"type": "long", "name": 1, "required": true}]';
  const read = await readModelFolder(await pythonFolder(`${flavor}signature:\n  inputs: '${inputs}'\n`));
  t.deepEqual(
    read.signature?.inputs.map(({ name }) => name),
    ["0", "1"],
  );
});

for (const [classes, expected] of [
  ["[0, 1]", [0, 1]],
  ["[stays, leaves]", ["stays", "leaves"]],
  ["[0, leaves]", undefined],
  ["[]", undefined],
  ["two", undefined],
] as const)
  test(`classes in the metadata are labels of one type: ${classes}`, async (t) => {
    const read = await readModelFolder(await pythonFolder(`${flavor}metadata:\n  classes: ${classes}\n`));
    t.deepEqual(read.classes, expected);
  });

const refused: Record<string, [() => Promise<string>, RegExp]> = {
  "no MLmodel": [() => folder([["model.onnx", emptyOnnx()]]), /expected a model folder, but it holds no MLmodel/],
  "half an MLmodel": [() => pythonFolder("flavors:\n  onnx: {"), /MLmodel: expected YAML/],
  "another flavor": [() => pythonFolder("flavors:\n  sklearn: {}\n"), /expected a model of flavor onnx, got sklearn/],
  "no ONNX file": [() => folder([["MLmodel", flavor]]), /names model\.onnx as flavors\.onnx\.data, but/],
  "a file outside": [
    () => pythonFolder("flavors:\n  onnx:\n    data: ../model.onnx\n"),
    /to lie in the folder, got \.\.\/model\.onnx/,
  ],
  "an absolute file": [() => pythonFolder("flavors:\n  onnx:\n    data: /etc/hosts\n"), /to lie in the folder/],
  "external tensors": [
    () => pythonFolder(flavor, emptyOnnx("weights", 1)),
    /keeps tensors in other files.*save_as_external_data=False/,
  ],
  "no ONNX": [
    () => pythonFolder(flavor, Buffer.from("<html>not found</html>")),
    /expected an ONNX model, got 22 bytes/,
  ],
  "an empty ONNX file": [() => pythonFolder(flavor, new Uint8Array()), /expected an ONNX model, got 0 bytes/],
  "a date column": [
    () => pythonFolder(`${flavor}signature:\n  inputs: '[{"type": "datetime", "name": "at"}]'\n`),
    /expected column at of the signature to be one of double, .*, got "datetime"/,
  ],
};
for (const [what, [make, message]] of Object.entries(refused))
  test(`a folder with ${what} is refused`, async (t) => {
    await t.throwsAsync(readModelFolder(await make()), { name: "MlflowError", message });
  });

test("a model of features that were selected one by one has no feature service, as those of earlier releases", async (t) => {
  const files = modelFolderFiles(artifactFixture(), identity);
  t.false(files.has("feature_service.json"));
  t.false("featureService" in (await readModelFolder(await folder(files))));
});

test("a feature service that isn't the model's is refused, and named", async (t) => {
  const dir = await folder(modelFolderFiles(artifactFixture({ featureService: featureServiceFixture }), identity));
  const write = (service: object) => writeFile(join(dir, "feature_service.json"), JSON.stringify(service));
  await write({ project: "churn", name: "churn_features", join_keys: [{ name: "customer_id" }], features: [] });
  await t.throwsAsync(readModelFolder(dir), {
    message: /feature_service\.json: \/join_keys\/0 must have required property 'type'/,
  });
  await write({ project: "churn", name: "churn_features", join_keys: [], features: [] });
  await t.throwsAsync(readModelFolder(dir), {
    message: /feature_service\.json: expected the signature's columns total_purchases, avg_purchase_value, got $/,
  });
});

test("a golden sample or baseline that is cut off is refused, and named", async (t) => {
  const dir = await folder(modelFolderFiles(artifactFixture(), identity));
  await writeFile(join(dir, "baseline.json"), '{"features": [{"name": "a"}]}');
  await t.throwsAsync(readModelFolder(dir), {
    message: /baseline\.json: \/features\/0 must have required property 'count'/,
  });
  await writeFile(join(dir, "golden_sample.json"), '{"columns": ["a"');
  await t.throwsAsync(readModelFolder(dir), { message: /golden_sample\.json: expected JSON/ });
});
