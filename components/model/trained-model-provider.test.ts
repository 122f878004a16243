import test from "ava";
import { freePort } from "../../tests/free-port.ts";
import { kubeconfig } from "../kubernetes/access/fixtures/fake-api.ts";
import type { TrainedModelOutputs } from "./trained-model.ts";
import { provider } from "./trained-model-provider.ts";

const mlflowTrackingUri = "http://mlflow-service.asgard.svc.cluster.local:5000";
const nowhere = { kubeconfig: kubeconfig({ server: `http://127.0.0.1:${await freePort()}` }) };
const state: TrainedModelOutputs = {
  mlflowTrackingUri,
  access: nowhere,
  modelName: "churn_predictor_feast",
  wanted: "1",
  resolved: { version: "1" },
  version: "1",
  runId: "r",
  sha256: "0",
  metrics: {},
} as TrainedModelOutputs;

test("another way into the cluster is no change of the model", async (t) => {
  const news = { ...state, access: { kubeContext: "prod" } };
  t.deepEqual(await provider.diff("id", state, news), { changes: false });
});

test("a refresh takes the version as recorded where the cluster can't be reached", async (t) => {
  t.deepEqual(await provider.read("id", state), { id: "id", props: state });
});

test("a version of an MLflow in a cluster that can't be reached is an error that names the cluster", async (t) => {
  await t.throwsAsync(provider.create(state), {
    name: "ClusterError",
    message: /cannot reach the cluster at http:\/\/127\.0\.0\.1:\d+ \(context "fake"\)/,
  });
});
