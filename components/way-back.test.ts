import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { registrationFixture } from "../mlflow/fixture.ts";
import { openStore } from "../mlflow/open-store.ts";
import { versionTags } from "../mlflow/store.ts";
import { RecordedStack } from "./aws/fixtures/recorded-stack.ts";
import { StackState } from "./stack-state.ts";
import { findWayBack } from "./way-back.ts";

const folder = await mkdtemp(join(tmpdir(), "way-back-"));
test.after.always(() => rm(folder, { recursive: true }));

const modelName = "churn_predictor_feast";
const store = openStore(folder);
let sha256 = "";
test.before(async () => {
  await RecordedStack.start();
  const { tags } = await store.logAndRegister(registrationFixture());
  sha256 = tags[versionTags.sha256]!;
});

/** A stack whose verification recorded this. */
function proven(type: string, expectation: object | undefined): StackState {
  return new StackState({ [`urn:pulumi:prod::p::${type}::v`]: { type, outputs: { expectation } } });
}
const eks = (changes = {}) =>
  proven("pipeline:serving:Verification", { modelName, modelVersion: "1", sha256, ...changes });
const meanwhile = "the old pods serve on until new ones are ready in their place";
const command = "npm run pulumi -- config set modelVersion 1 --stack prod && npm run pulumi -- up --stack prod";

for (const version of ["2", undefined])
  test(`from ${version ? `version ${version}` : "one to be trained"} the way back is the version proven last`, async (t) => {
    const wayBack = await findWayBack(store, "eks", eks(), { modelName, version });
    t.deepEqual(wayBack, { meanwhile, to: { modelVersion: "1", command } });
  });

test("on this machine it is the one that the live service was asked for last", async (t) => {
  const state = proven("pulumi-nodejs:dynamic/pipeline:Verification", {
    ...{ modelName, modelVersion: "1", sha256 },
    golden: {},
  });
  const wayBack = await findWayBack(store, "local", state, { modelName, version: "2" });
  t.is(wayBack?.to?.command, command);
  t.regex(wayBack?.meanwhile ?? "", /the old instance serves on/);
});

test("another model is set back with its version", async (t) => {
  const wayBack = await findWayBack(store, "eks", eks(), { modelName: "other", version: "1" });
  t.is(wayBack?.to?.command, `npm run pulumi -- config set modelName ${modelName} --stack prod && ${command}`);
});

test("where the version asked for is the proven one, something else must be undone", async (t) => {
  t.deepEqual(await findWayBack(store, "eks", eks(), { modelName, version: "1" }), { meanwhile });
});

for (const [what, state] of [
  ["nothing was proven yet", () => new StackState()],
  ["the verification was left out so far", () => proven("pipeline:serving:Verification", undefined)],
  ["the registry has that version no more", () => eks({ modelVersion: "7" })],
  ["the registry has other bytes as that version", () => eks({ sha256: "00" })],
] as const)
  test(`there is no way back where ${what}`, async (t) => {
    t.is(await findWayBack(store, "eks", state(), { modelName, version: "8" }), undefined);
  });
