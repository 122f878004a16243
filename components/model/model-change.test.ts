import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { artifactFixture, registrationFixture } from "../../mlflow/fixture.ts";
import { openStore } from "../../mlflow/open-store.ts";
import type { MlflowStore } from "../../mlflow/store.ts";
import { findModelChange } from "./model-change.ts";

const folder = await mkdtemp(join(tmpdir(), "model-change-"));
test.after.always(() => rm(folder, { recursive: true }));

const modelName = "churn_predictor_feast";
const store = openStore(folder);
test.before(() => registerTwo(store));

const plan = { mlflowTrackingUri: folder, modelName, wanted: "latest" };
const current = { modelName, version: "1", metrics: { roc_auc: 0.8 } };

/** Version 1 with the fixture's two inputs, version 2 with one of them. */
async function registerTwo(store: MlflowStore): Promise<void> {
  await store.logAndRegister(registrationFixture({ metrics: { roc_auc: 0.8 } }));
  const { signature, golden, ...artifact } = artifactFixture();
  const narrower = { ...signature, inputs: signature.inputs.slice(0, 1) };
  const { columns, rows, ...answers } = golden!;
  const oneColumn = { columns: columns.slice(0, 1), rows: rows.map((row) => row.slice(0, 1)), ...answers };
  const baseline = artifact.baseline!.slice(0, 1);
  await store.logAndRegister(
    registrationFixture({
      metrics: { roc_auc: 0.75, log_loss: 0.5 },
      artifact: {
        ...artifact,
        baseline,
        signature: narrower,
        golden: oneColumn,
        inputExample: [{ total_purchases: 3 }],
      },
    }),
  );
}

test("another version is told with its metrics and the inputs that it lost", async (t) => {
  const change = await findModelChange(store, { ...plan, resolved: { version: "2" } }, current);
  t.deepEqual(change, {
    modelName,
    from: "1",
    to: "2",
    metrics: [
      { name: "log_loss", to: 0.5 },
      { name: "roc_auc", from: 0.8, to: 0.75 },
    ],
    schema: { added: [], removed: [{ name: "avg_purchase_value", type: "double", required: false }], retyped: [] },
  });
});

test("the version that the stack has is no change, nor is one that is kept", async (t) => {
  t.is(await findModelChange(store, { ...plan, resolved: { version: "1" } }, current), undefined);
  t.is(await findModelChange(store, { ...plan, keep: true, resolved: { version: "2" } }, current), undefined);
});

test("a version yet to be trained has its reason, and neither number nor metrics", async (t) => {
  const change = await findModelChange(store, { ...plan, reason: "labels changed" }, current);
  t.deepEqual(change, { modelName, from: "1", reason: "labels changed", metrics: [] });
});

test("on a new stack, and for another model, there is nothing to compare with", async (t) => {
  const expected = { modelName, to: "1", metrics: [{ name: "roc_auc", to: 0.8 }] };
  const planned = { ...plan, resolved: { version: "1" } };
  t.deepEqual(await findModelChange(store, planned, undefined), expected);
  t.deepEqual(await findModelChange(store, planned, { ...current, modelName: "other" }), expected);
});

test("where the stack's version is gone from the registry, metrics are compared and the schema isn't", async (t) => {
  const change = await findModelChange(store, { ...plan, resolved: { version: "2" } }, { ...current, version: "7" });
  t.like(change, { from: "7", to: "2" });
  t.is(change?.schema, undefined);
  t.deepEqual(change?.metrics[1], { name: "roc_auc", from: 0.8, to: 0.75 });
});
