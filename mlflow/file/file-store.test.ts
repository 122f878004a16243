import { mkdtemp, readdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { registrationFixture } from "../fixture.ts";
import { sha256Hex } from "../model-folder/digest.ts";
import { toYaml } from "../yaml.ts";
import { crashAt } from "./crash-at.ts";
import { FileStore } from "./file-store.ts";
import { readMeta } from "./files.ts";
import { download, newRoot, testFolder } from "./store-fixture.ts";

const registration = registrationFixture();
const { model } = registration;

const folder = testFolder();

test("a registration is a run, a model and a version with its tags", async (t) => {
  const store = new FileStore(await newRoot(folder));
  const version = await store.logAndRegister(registration);
  t.like(version, { name: model, version: "1", status: "READY", aliases: [] });
  t.like(version.tags, { training_fingerprint: "abc", model_sha256: sha256Hex(registration.artifact.onnx) });
  t.deepEqual(await store.listVersions(model), [version]);
  t.deepEqual(await store.getVersion(model, "1"), version);
  t.like(await store.getRun(version.runId), {
    status: "FINISHED",
    name: registration.runName,
    startedAt: registration.startedAt,
    metrics: registration.metrics,
    params: { n_estimators: "100", max_depth: "none", bootstrap: "true", note: "two\nlines" },
  });
  t.is(await download(store, model, "1", folder), sha256Hex(registration.artifact.onnx));
});

test("what isn't there is undefined, or none; a run or a version that is needed is an error", async (t) => {
  const root = await newRoot(folder);
  const store = new FileStore(root);
  t.deepEqual(await store.listVersions(model), []);
  t.is(await store.getVersion(model, "1"), undefined);
  t.is(await store.getVersionByAlias(model, "champion"), undefined);
  await t.throwsAsync(store.getRun("0123"), { message: /expected a run 0123, but .*mlruns holds none/ });
  await t.throwsAsync(store.setAlias(model, "champion", "1"), {
    message: /expected version 1 of model churn_predictor_feast, but/,
  });
  await t.throwsAsync(readdir(root), { code: "ENOENT" });
});

test("aliases and tags can be set and moved", async (t) => {
  const store = new FileStore(await newRoot(folder));
  await store.logAndRegister(registration);
  await store.logAndRegister(registration);
  await store.setAlias(model, "champion", "2");
  t.is((await store.getVersionByAlias(model, "champion"))?.version, "2");
  await store.setAlias(model, "champion", "1");
  await store.setVersionTag(model, "1", "approved/by", "ops\nteam");
  const champion = await store.getVersionByAlias(model, "champion");
  t.like(champion, { version: "1", aliases: ["champion"], tags: { "approved/by": "ops\nteam" } });
  t.deepEqual((await store.getVersion(model, "2"))?.aliases, []);
});

test("versions are listed by number, highest first, and a deleted one's number isn't used again", async (t) => {
  const root = await newRoot(folder);
  const store = new FileStore(root);
  for (let count = 0; count < 11; count++) await store.logAndRegister(registration);
  const last = join(root, "models", model, "version-11");
  const meta = (await readMeta(last)) ?? {};
  await writeFile(join(last, "meta.yaml"), toYaml({ ...meta, current_stage: "Deleted_Internal" }));
  t.deepEqual(
    (await store.listVersions(model)).map(({ version }) => version),
    ["10", "9", "8", "7", "6", "5", "4", "3", "2", "1"],
  );
  t.is(await store.getVersion(model, "11"), undefined);
  t.is((await store.logAndRegister(registration)).version, "12");
});

test.serial(
  "killed before any of its changes, a registration leaves a whole version or none, and the next one works",
  async (t) => {
    let [changes, whole] = [0, 0];
    for (let last = false; !last; ) {
      const root = await newRoot(folder);
      const killed = await crashAt(++changes, () => new FileStore(root).logAndRegister(registration));
      last = killed !== "crashed";
      const store = new FileStore(root);
      const left = await store.listVersions(model);
      for (const { version } of left) await download(store, model, version, folder);
      whole += left.length;
      const next = await store.logAndRegister(registration);
      t.is(next.version, String(left.length + 1), `killed before change ${changes}`);
      await download(store, model, next.version, folder);
    }
    t.true(changes > 40);
    // Those killed after the version was renamed into place, and the one that wasn't killed.
    t.true(whole >= 1 && whole < 8);
  },
);

test("what MLflow's server would refuse is refused before anything is written", async (t) => {
  const root = await newRoot(folder);
  const store = new FileStore(root);
  const refuse = (overrides: Parameters<typeof registrationFixture>[0], message: RegExp) =>
    t.throwsAsync(store.logAndRegister(registrationFixture(overrides)), { name: "MlflowError", message });
  await refuse({ metrics: { roc_auc: Number.NaN } }, /metric roc_auc: expected a finite number, got NaN/);
  await refuse({ model: "../x" }, /expected a model name/);
  await refuse({ tags: { "../../x": "" } }, /tag "\.\.\/\.\.\/x": expected a name/);
  await refuse({ params: { note: "x".repeat(6001) } }, /param note: expected at most 6000 characters, got 6001/);
  await refuse({ experiment: " " }, /expected the name of an experiment/);
  await refuse({ dataset: { ...registration.dataset, digest: "x".repeat(37) } }, /expected a digest of at most 36/);
  await t.throwsAsync(readdir(root), { code: "ENOENT" });
});

test("a download goes to a new or an empty folder, and never over another", async (t) => {
  const store = new FileStore(await newRoot(folder));
  const version = await store.logAndRegister(registration);
  const dir = await mkdtemp(join(folder, "target-"));
  await store.downloadModel(version, dir);
  await t.throwsAsync(store.downloadModel(version, dir), { message: /expected no such folder, or an empty one/ });
  t.deepEqual(
    (await readdir(folder)).filter((name) => name.endsWith(".part")),
    [],
  );
});

test("an experiment that was deleted is an error that says how to go on", async (t) => {
  const root = await newRoot(folder);
  const store = new FileStore(root);
  const { runId } = await store.logAndRegister(registration);
  const { experimentId } = await store.getRun(runId);
  await rename(join(root, experimentId), join(root, ".trash", experimentId));
  await t.throwsAsync(store.logAndRegister(registration), {
    message: /experiment feast_ml_deployment in .* is deleted: restore it with/,
  });
  t.is((await store.getRun(runId)).runId, runId);
});
