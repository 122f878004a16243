import test from "ava";
import { resolveVersion } from "./resolve-version.ts";
import type { MlflowStore, ModelVersion } from "./store.ts";

function version(number: string, aliases: string[] = [], status = "READY"): ModelVersion {
  return { name: "m", version: number, runId: "", source: "", status, createdAt: 0, aliases, tags: {} };
}

const versions = [version("10"), version("2", ["champion"]), version("1")];
const pending = version("11", ["next"], "PENDING_REGISTRATION");
const store = {
  uri: "http://mlflow:5000",
  listVersions: async (model: string) => (model === "m" ? versions : []),
  getVersion: async (_: string, number: string) => [pending, ...versions].find((each) => each.version === number),
  getVersionByAlias: async (_: string, alias: string) =>
    [pending, ...versions].find((each) => each.aliases.includes(alias)),
} as unknown as MlflowStore;

for (const [wanted, number] of [
  ["latest", "10"],
  ["2", "2"],
  ["@champion", "2"],
] as const)
  test(`${wanted} is version ${number}`, async (t) => {
    t.is((await resolveVersion(store, "m", wanted)).version, number);
  });

test("what doesn't exist is an error that lists what does", async (t) => {
  const message =
    "expected version 7 of model m, but MLflow at http://mlflow:5000 has none such: it holds version 10, 2 (@champion), 1";
  await t.throwsAsync(resolveVersion(store, "m", "7"), { message });
  await t.throwsAsync(resolveVersion(store, "m", "@nobody"), { message: /expected version @nobody .* has none such/ });
  await t.throwsAsync(resolveVersion(store, "other", "latest"), { message: /it holds no version that is ready$/ });
});

test("a version that isn't ready is refused", async (t) => {
  await t.throwsAsync(resolveVersion(store, "m", "@next"), {
    message: /has version 11, but it is PENDING_REGISTRATION/,
  });
});

test("another kind of wish is refused", async (t) => {
  await t.throwsAsync(resolveVersion(store, "m", "0" as "1"), {
    message: /expected "latest", a version number or "@alias"/,
  });
});
