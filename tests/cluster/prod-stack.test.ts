import { randomBytes } from "node:crypto";
import { KubeConfig } from "@kubernetes/client-node";
import test from "ava";
import { goldenInputs } from "../../inference/golden-request.ts";
import type { GoldenSample } from "../../mlflow/model-folder.ts";
import { TestProject } from "../engine/test-project.ts";
import { startLoad } from "../load.ts";
import { StandIns } from "../stand-ins/stand-ins.ts";
import { needed } from "./needed.ts";

// The prod stack as it is, on a real cluster with a real builder, registry and MLflow: AWS alone is stood in for.

const run = randomBytes(4).toString("hex");
const namespace = `ml-inference-${run}`;
const host = `ml-${run}.test`;
const modelName = `churn_${run}`;
const ingress = `http://${needed("NODE_IP")}`;
const kubeConfig = new KubeConfig();
kubeConfig.loadFromDefault();

const standIns = await StandIns.start({
  docker: "real",
  kubernetes: "real",
  registry: needed("REGISTRY"),
  build: { network: process.env.DOCKER_BUILD_NETWORK ?? "default" },
});
const project = await TestProject.make(
  {
    kubeContext: kubeConfig.getCurrentContext(),
    identity: "none",
    tls: "none",
    namespace,
    routeHost: host,
    modelName,
    modelVersion: "1",
  },
  { stack: "prod", env: standIns.env },
);
standIns.project = project.folder;
test.after.always(async () => {
  await project.remove();
  standIns.stop();
});

test.before("two versions are registered", async () => {
  for (const seed of ["1", "2"]) {
    const flags = ["--model", modelName, "--n-estimators", "20", "--max-depth", "6", "--random-state", seed];
    const args = [...flags, "--test-from", "1998-03-15", "--tracking-uri", needed("MLFLOW_TRACKING_URI")];
    const { status, output } = await project.node("trainer/cli/train.ts", ...args);
    if (status !== 0) throw new Error(output);
  }
});

test.serial("up goes from nothing to a verified service behind the Ingress", async (t) => {
  t.log(await project.up());
  t.is(await servedVersion(), "1");
});

test.serial("a second up changes nothing", async (t) => {
  standIns.calls.clear();
  await project.up();
  t.deepEqual(standIns.calls.changes(), []);
});

test.serial("a rollout to version 2 and back fails none of 50,000 requests", async (t) => {
  const load = startLoad(ingress, goldenInputs(await golden()), { clients: 8, host });
  await load.more(5000);
  await project.configure({ modelVersion: "2" });
  await project.up();
  t.is(await servedVersion(), "2");
  await load.more(5000);
  await project.configure({ modelVersion: "1" });
  await project.up();
  t.is(await servedVersion(), "1");
  await load.more(Math.max(5000, 50_000 - load.requests));
  const { requests, failures, versions } = await load.stop();
  t.deepEqual(failures, []);
  t.true(requests >= 50_000);
  t.deepEqual(Object.keys(versions).sort(), ["1", "2"]);
  t.log(`${requests} requests: ${JSON.stringify(versions)}`);
});

async function servedVersion(): Promise<unknown> {
  const load = startLoad(ingress, goldenInputs(await golden()), { clients: 1, host });
  await load.more(20);
  const { failures, versions } = await load.stop();
  if (failures.length > 0) throw new Error(failures[0]);
  return Object.keys(versions).join(" and ");
}

/** What the stack proves its service by. */
async function golden(): Promise<GoldenSample> {
  const [model] = (await project.stateOf("TrainedModel")) as [{ goldenSample: GoldenSample }];
  return model.goldenSample;
}
