import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { openBundle, writeBundle } from "./bundle.ts";
import { MlflowError } from "./error.ts";
import { registrationFixture } from "./fixture.ts";
import { readModelFolder } from "./model-folder.ts";
import { openStore } from "./open-store.ts";
import { resolveVersion } from "./resolve-version.ts";

async function bundled(t: ExecutionContext) {
  const folder = await mkdtemp(join(tmpdir(), "bundle-"));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const store = openStore(join(folder, "mlruns"));
  const version = await store.logAndRegister(registrationFixture());
  const dir = join(folder, "model");
  await writeBundle(store, version, dir);
  return { folder, store, version, dir };
}

const refused = (message: RegExp) => ({ instanceOf: MlflowError, message });

test("a version comes back from its bundle as it is in the store", async (t) => {
  const { folder, store, version, dir } = await bundled(t);
  const bundle = await openBundle(dir);
  for (const wanted of ["latest", "1"] as const)
    t.deepEqual(await resolveVersion(bundle, version.name, wanted), {
      ...version,
      aliases: [],
      tags: {
        model_sha256: version.tags.model_sha256!,
        golden_sha256: version.tags.golden_sha256!,
        training_fingerprint: "abc",
      },
    });
  const [fromBundle, fromStore] = [join(folder, "from-bundle"), join(folder, "from-store")];
  await bundle.downloadModel(version, fromBundle);
  await store.downloadModel(version, fromStore);
  t.deepEqual((await readdir(fromBundle)).sort(), (await readdir(fromStore)).sort());
  t.deepEqual(await readModelFolder(fromBundle), await readModelFolder(fromStore));
});

test("another version, alias or model than the bundle's is an error that names both", async (t) => {
  const { version, dir } = await bundled(t);
  const bundle = await openBundle(dir);
  const holds = `but the model bundle ${dir} holds version 1 of model churn_predictor_feast alone: an image that carries`;
  for (const [model, wanted, said] of [
    [version.name, "3", "version 3"],
    [version.name, "@champion", "version @champion"],
    ["huge", "latest", "a version"],
    ["huge", "1", "version 1"],
  ] as const) {
    const error = await t.throwsAsync(resolveVersion(bundle, model, wanted), { instanceOf: MlflowError });
    t.true(error?.message.startsWith(`expected ${said} of model ${model}, ${holds}`), error?.message);
  }
});

test("aliases and others' tags change nothing in a bundle", async (t) => {
  const { store, version, dir } = await bundled(t);
  const before = await readFile(join(dir, "version.json"), "utf8");
  await store.setAlias(version.name, "champion", "1");
  await store.setVersionTag(version.name, "1", "reviewed_by", "someone");
  await writeBundle(store, (await store.getVersion(version.name, "1"))!, dir);
  t.is(await readFile(join(dir, "version.json"), "utf8"), before);
});

test("a bundle that can't be written anew stays as it was, and nothing lies beside it", async (t) => {
  const { folder, version, dir } = await bundled(t);
  const broken = { downloadModel: async () => Promise.reject(new Error("connection lost")) };
  await t.throwsAsync(writeBundle(broken, version, dir), { message: "connection lost" });
  await t.notThrowsAsync(openBundle(dir));
  t.deepEqual((await readdir(folder)).sort(), ["mlruns", "model"]);
});

test("a folder of something else isn't replaced", async (t) => {
  const { store, version, folder } = await bundled(t);
  const dir = join(folder, "notes");
  await mkdir(dir);
  await writeFile(join(dir, "todo.txt"), "");
  await t.throwsAsync(writeBundle(store, version, dir), refused(/notes: expected no such folder, or an empty one/));
  t.deepEqual(await readdir(dir), ["todo.txt"]);
});

for (const [title, spoil, message] of [
  [
    "without version.json",
    (dir: string) => rm(join(dir, "version.json")),
    /whole model bundle, but it lacks .*version\.json/,
  ],
  [
    "without its files",
    (dir: string) => rm(join(dir, "files"), { recursive: true }),
    /whole model bundle, but it lacks .*MLmodel/,
  ],
  ["with half a version.json", (dir: string) => writeFile(join(dir, "version.json"), '{"name": "chu'), /version\.json/],
  [
    "of a version without a number",
    (dir: string) => writeFile(join(dir, "version.json"), "{}"),
    /version\.json: the whole must have/,
  ],
] as const)
  test(`a bundle ${title} is a clear error`, async (t) => {
    const { dir } = await bundled(t);
    await spoil(dir);
    await t.throwsAsync(openBundle(dir), refused(message));
  });
