import { cp, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { emptyOnnx, registrationFixture } from "../fixture.ts";
import { toYaml } from "../yaml.ts";
import { FileStore } from "./file-store.ts";
import { writeFiles } from "./files.ts";
import { fileUri } from "./layout.ts";
import { download, newRoot, testFolder } from "./store-fixture.ts";

const registration = registrationFixture();
const { model } = registration;

const folder = testFolder();

test("a moved store works, and its locations are written anew by the next change", async (t) => {
  const before = await newRoot(folder);
  const version = await new FileStore(before).logAndRegister(registration);
  const after = await newRoot(folder);
  await rename(before, after);
  const store = new FileStore(after);
  await download(store, model, "1", folder);
  await store.setAlias(model, "champion", "1");
  const texts = await metaTexts(after);
  t.true(texts.every((text) => !text.includes(fileUri(before))));
  t.true(
    texts.some(
      (text) =>
        text.includes(`storage_location: "${fileUri(after)}`) || text.includes(`storage_location: ${fileUri(after)}`),
    ),
  );
  t.deepEqual(await store.getVersion(model, "1"), { ...version, aliases: ["champion"] });
});

test("a copied store reads its own files, and leaves the locations as they are", async (t) => {
  const original = await newRoot(folder);
  await new FileStore(original).logAndRegister(registration);
  const copy = await newRoot(folder);
  await cp(original, copy, { recursive: true });
  const store = new FileStore(copy);
  await store.setAlias(model, "champion", "1");
  t.true((await metaTexts(copy)).some((text) => text.includes(`${fileUri(original)}/`)));
  const onnx = emptyOnnx("other");
  const [experiment = ""] = (await readdir(copy)).filter((name) => /^\d{18}$/.test(name));
  const [loggedModel = ""] = await readdir(join(copy, experiment, "models"));
  await writeFile(join(copy, experiment, "models", loggedModel, "artifacts", "model.onnx"), onnx);
  await t.throwsAsync(download(store, model, "1", folder), { message: /other bytes than its tag says/ });
  await download(new FileStore(original), model, "1", folder);
});

async function metaTexts(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries.filter(({ name }) => name === "meta.yaml");
  return Promise.all(files.map((entry) => readFile(join(entry.parentPath, entry.name), "utf8")));
}

for (const [what, location] of Object.entries({
  "a run's artifact": "runs:/RUN/model",
  "a file URI of another place": "file:///elsewhere/mlruns/EXPERIMENT/RUN/artifacts/model",
  "a version that was copied": `models:/${model}/1`,
}))
  test(`a version whose source is ${what} is found`, async (t) => {
    const root = await newRoot(folder);
    const store = new FileStore(root);
    const first = await store.logAndRegister(registration);
    const { runId, experimentId } = await store.getRun(first.runId);
    await store.downloadModel(first, join(root, experimentId, runId, "artifacts", "model"));
    const source = location.replace("RUN", runId).replace("EXPERIMENT", experimentId);
    const meta = {
      name: model,
      version: 2,
      source,
      storage_location: source,
      status: "READY",
      creation_timestamp: 1,
      run_id: runId,
    };
    const tag = ["tags/model_sha256", first.tags.model_sha256 ?? ""] as const;
    await writeFiles(join(root, "models", model, "version-2"), [["meta.yaml", toYaml(meta)], tag]);
    t.is(await download(store, model, "2", folder), first.tags.model_sha256 ?? "");
  });

for (const [source, message] of [
  ["s3://bucket/model", /expected a model folder inside .*mlruns or at a file path, got s3:\/\/bucket\/model/],
  ["models:/m-gone", /version 1 of model churn_predictor_feast: expected its model folder at models:\/m-gone/],
] as const)
  test(`a version whose source is ${source} is an error that says where it should be`, async (t) => {
    const root = await newRoot(folder);
    const meta = { name: model, version: 1, source, storage_location: source, status: "READY", creation_timestamp: 1 };
    await writeFiles(join(root, "models", model, "version-1"), [["meta.yaml", toYaml(meta)]]);
    await t.throwsAsync(download(new FileStore(root), model, "1", folder), { message });
  });

for (const [what, first] of [
  ["itself", "1"],
  ["a copy of it", "2"],
] as const)
  test(`a version that was made a copy of ${what} is an error that names the circle`, async (t) => {
    const root = await newRoot(folder);
    for (const [number, from] of [
      ["1", first],
      ["2", "1"],
    ] as const) {
      const source = `models:/${model}/${from}`;
      const meta = { name: model, version: Number(number), source, status: "READY", creation_timestamp: 1 };
      await writeFiles(join(root, "models", model, `version-${number}`), [["meta.yaml", toYaml(meta)]]);
    }
    const message = new RegExp(`behind the versions (${model}/\\d(, a copy of )?)+ in .*, got a circle`);
    await t.throwsAsync(download(new FileStore(root), model, "2", folder), { name: "MlflowError", message });
  });
