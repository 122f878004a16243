import { execFile } from "node:child_process";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import test from "ava";
import { artifactFixture, registrationFixture } from "../fixture.ts";
import { FileStore } from "./file-store.ts";
import { writeFiles } from "./files.ts";
import { newRoot, testFolder } from "./store-fixture.ts";

const registration = registrationFixture();
const { model } = registration;

const folder = testFolder();

test("at once, in one process and in several, each registration takes a version of its own", async (t) => {
  const root = await newRoot(folder);
  const script = join(import.meta.dirname, "register-often.ts");
  const processes = [1, 2, 3].map(() => promisify(execFile)(process.execPath, [script, root, "4"]));
  const store = new FileStore(root);
  const here = await Promise.all([1, 2, 3].map(() => store.logAndRegister(registration)));
  const there = (await Promise.all(processes)).flatMap(({ stdout }) => stdout.trim().split("\n"));
  const numbers = [...there, ...here.map(({ version }) => version)].map(Number).sort((a, b) => a - b);
  t.deepEqual(
    numbers,
    Array.from({ length: 15 }, (_, index) => index + 1),
  );
  const experiments = (await readdir(root)).filter((name) => /^\d{18}$/.test(name));
  t.is(experiments.length, 1);
});

test("a registration that fails leaves its run FAILED and no version", async (t) => {
  const root = await newRoot(folder);
  await mkdir(root);
  await writeFile(join(root, "models"), "in the way");
  const store = new FileStore(root);
  await t.throwsAsync(store.logAndRegister(registration), {
    name: "MlflowError",
    message: /MLflow file store .*mlruns: E/,
  });
  await rm(join(root, "models"));
  t.deepEqual(await store.listVersions(model), []);
  t.is((await store.getRun(await onlyRun(root))).status, "FAILED");
});

test("a registration that is called off leaves its run KILLED and no version", async (t) => {
  const root = await newRoot(folder);
  const controller = new AbortController();
  const artifact = artifactFixture();
  Object.defineProperty(artifact, "baseline", {
    // Read when the model folder is made, by when the run is there.
    get() {
      controller.abort();
      return [];
    },
  });
  const store = new FileStore(root);
  await t.throwsAsync(store.logAndRegister({ ...registration, artifact }, controller.signal), { name: "AbortError" });
  t.deepEqual(await store.listVersions(model), []);
  t.is((await store.getRun(await onlyRun(root))).status, "KILLED");
  await t.throwsAsync(store.logAndRegister(registration, controller.signal), { name: "AbortError" });
});

async function onlyRun(root: string): Promise<string> {
  const experiment = (await readdir(root)).find((name) => /^\d{18}$/.test(name)) ?? "";
  return (await readdir(join(root, experiment))).find((name) => /^[0-9a-f]{32}$/.test(name)) ?? "";
}

test("half-written folders are passed over, and their numbers too", async (t) => {
  const root = await newRoot(folder);
  const store = new FileStore(root);
  await store.logAndRegister(registration);
  const models = join(root, "models", model);
  await mkdir(join(models, "version-2"));
  await writeFiles(join(models, "version-3"), [["meta.yaml", ""]]);
  await mkdir(join(root, "123456789012345678"));
  t.deepEqual(
    (await store.listVersions(model)).map(({ version }) => version),
    ["1"],
  );
  t.is(await store.getVersion(model, "3"), undefined);
  t.is((await store.logAndRegister(registration)).version, "4");
  await writeFile(join(models, "version-3", "meta.yaml"), "name: [");
  await t.throwsAsync(store.listVersions(model), { message: /version-3.meta\.yaml: expected YAML/ });
});
