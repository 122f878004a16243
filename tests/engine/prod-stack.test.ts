import { join } from "node:path";
import test from "ava";
import { openStore } from "../../mlflow/open-store.ts";
import { ProdStack } from "./prod-stack.ts";

const stack = await ProdStack.make();
const { project, standIns } = stack;
standIns.aws.addCluster("asgard-cluster");
test.before(() => openStore(join(project.folder, "mlruns")).setAlias("churn_predictor_feast", "broken", "2"));
test.after.always(() => stack.remove());

const wayBackTo = (version: string) =>
  "the old pods serve on until new ones are ready in their place; to go back to version " +
  `${version}, the last one proven: npm run pulumi -- config set modelVersion ${version} --stack prod && ` +
  "npm run pulumi -- up --stack prod";

test.serial("preview of a new stack names model, image and rollout, and creates nothing", async (t) => {
  const output = await project.preview();
  t.regex(output, /churn_predictor_feast: version 1/);
  t.regex(output, /image: ml-inference:[0-9a-f]{16}, to be built and pushed/);
  t.regex(output, /rollout 4: a Job of the same image asks every ready pod/);
  t.deepEqual(standIns.calls.changes(), []);
});

test.serial("up builds, pushes, deploys and verifies version 1", async (t) => {
  const output = await project.previewedUp();
  const created = standIns.calls.changes();
  for (const kind of ["aws:ecr/repository:Repository", "docker:index/image:Image", "kubernetes:apps/v1:Deployment"])
    t.true(
      created.some((change) => change.startsWith(`create ${kind} `)),
      `${kind}\n${output}`,
    );
  const order = created.map((change) => change.split(" ")[1]);
  t.true(order.indexOf("kubernetes:batch/v1:Job") > order.indexOf("kubernetes:apps/v1:Deployment"), created.join("\n"));
  const outputs = await project.outputs();
  t.like(outputs, { modelVersion: "1", endpoint: "https://ml-inference.example.com" });
});

test.serial("no resource breaks a rule that a reviewer would enforce", (t) => {
  t.true(standIns.registered().length > 15);
  t.deepEqual(stack.violations(), []);
});

test.serial("a second up changes nothing", async (t) => {
  t.deepEqual(await stack.up(), []);
  const { changes, report } = await project.deploy("--preview");
  t.deepEqual(changes, []);
  t.is(report, undefined);
});

test.serial("another version changes what carries the model, and nothing else", async (t) => {
  await project.configure({ modelVersion: "2" });
  t.regex(await project.preview(), /version 1 → 2.*roc_auc 0\.8000 → 0\.7500 \(-0\.0500\).*the same inputs/s);
  const previewed = await project.deploy("--preview");
  const changes = await stack.changes(async () => {
    const deployed = await project.deploy();
    for (const { report } of [previewed, deployed]) {
      t.like(report?.model, { modelName: "churn_predictor_feast", from: "1", to: "2" });
      t.deepEqual(report?.model?.metrics, [{ name: "roc_auc", from: 0.8, to: 0.75 }]);
      t.truthy(report?.model?.schema);
      t.is(report?.image, undefined);
      t.is(report?.rollout.length, 4);
    }
    t.is(deployed.previous?.modelVersion, "1");
  });
  t.deepEqual(changes, [
    "create kubernetes:batch/v1:Job",
    "delete kubernetes:batch/v1:Job",
    "update kubernetes:apps/v1:Deployment",
  ]);
});

test.serial(
  "a verification that fails is told with its reason, and runs again as a new Job though nothing changed",
  async (t) => {
    await project.configure({ modelVersion: "1" });
    standIns.cluster.breakPods((workload) =>
      workload.kind === "Job" ? "10.0.0.7: /predict: the golden sample doesn't come back" : undefined,
    );
    const output = await project.failingUp();
    t.regex(output, /10\.0\.0\.7: \/predict: the golden sample doesn't come back/);
    t.true(output.includes(wayBackTo("2")), output);
    standIns.cluster.breakPods(() => undefined);
    const changes = await stack.up();
    t.true(changes.includes("create kubernetes:batch/v1:Job"), changes.join("\n"));
  },
);

test.serial(
  "pods that don't become ready fail every up with the way back to what was proven, which the next one follows",
  async (t) => {
    await project.configure({ modelVersion: "@broken" });
    standIns.cluster.breakPods(({ kind }) => (kind === "Deployment" ? "the model is missing" : undefined));
    const reasons = await project.failingDeploy();
    t.regex(reasons.join("\n"), /the model is missing/);
    t.is(reasons.at(-1), wayBackTo("1"));
    // Now the state has version 2 as its own.
    const again = await project.failingUp();
    t.true(again.includes("the version that the stack has isn't proven yet"), again);
    t.true(again.includes(wayBackTo("1")), again);
    standIns.cluster.breakPods(() => undefined);
    await project.configure({ modelVersion: "1" });
    const output = await project.up();
    t.false(output.includes("to go back"), output);
    t.like(await project.outputs(), { modelVersion: "1" });
  },
);

test.serial("the wrong account is refused before anything changes, and isn't remembered", async (t) => {
  await project.configure({ awsAccountId: "210987654321" });
  const expected =
    /config awsAccountId: expected credentials of account 210987654321, got those of 123456789012 \(.*user\/stand-in\)/;
  t.deepEqual(await stack.changes(async () => t.regex(await project.failingUp(), expected)), []);
  await project.configure({ awsAccountId: "123456789012" });
  t.deepEqual(await stack.up(), []);
});

const wrong: readonly [key: string, value: string, right: string, message: RegExp][] = [
  ["target", "ekss", "eks", /config target: expected local or eks, got "ekss"/],
  ["identity", "keys", "irsa", /config identity: expected irsa or pod-identity or secret or none, got "keys"/],
];

for (const [key, value, right, message] of wrong) {
  test.serial(`a wrong ${key} is refused by its key, before anything changes`, async (t) => {
    await project.configure({ [key]: value });
    const changes = await stack.changes(async () => t.regex(await project.failingUp(), message));
    t.deepEqual(changes, []);
    await project.configure({ [key]: right });
  });
}
