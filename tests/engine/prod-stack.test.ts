import { join } from "node:path";
import test from "ava";
import { DeployError, deploy } from "../../automation/deploy.ts";
import { registrationFixture } from "../../mlflow/fixture.ts";
import { openStore } from "../../mlflow/open-store.ts";
import { checkResources } from "../../policy/check.ts";
import { userEnvironment } from "../automation/toy-project.ts";
import { StandIns } from "../stand-ins/stand-ins.ts";
import { TestProject } from "./test-project.ts";

const standIns = await StandIns.start({ docker: "memory", kubernetes: "memory" });
const project = await TestProject.make(
  { mlflowTrackingUri: "mlruns", modelVersion: "1", monitoring: "on", awsAccountId: "123456789012" },
  { stack: "prod", env: standIns.env },
);
standIns.project = project.folder;
standIns.aws.addCluster("asgard-cluster", {});
test.before(async () => {
  const store = openStore(join(project.folder, "mlruns"));
  await store.logAndRegister(registrationFixture({ metrics: { roc_auc: 0.8 } }));
  const { name, version } = await store.logAndRegister(registrationFixture({ metrics: { roc_auc: 0.75 } }));
  await store.setAlias(name, "broken", version);
});
const wayBackTo = (version: string) =>
  "the old pods serve on until new ones are ready in their place; to go back to version " +
  `${version}, the last one proven: npm run pulumi -- config set modelVersion ${version} --stack prod && ` +
  "npm run pulumi -- up --stack prod";
test.after.always(async () => {
  await project.remove();
  standIns.stop();
});

test.serial("preview of a new stack names model, image and rollout, and creates nothing", async (t) => {
  const output = await project.preview();
  t.regex(output, /churn_predictor_feast: version 1/);
  t.regex(output, /image: ml-inference:[0-9a-f]{16}, to be built and pushed/);
  t.regex(output, /rollout 4: a Job of the same image asks every ready pod/);
  t.deepEqual(standIns.calls.changes(), []);
});

test.serial("up builds, pushes, deploys and verifies version 1", async (t) => {
  const output = await project.up();
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
  const resources = standIns.registered().map(({ type, name, wire }) => ({ type, name, properties: wire }));
  t.true(resources.length > 15);
  t.deepEqual(
    checkResources(resources).map(({ message }) => message),
    [],
  );
});

test.serial("a second up changes nothing", async (t) => {
  standIns.calls.clear();
  await project.up();
  t.deepEqual(standIns.calls.changes(), []);
});

test.serial("another version changes what carries the model, and nothing else", async (t) => {
  await project.configure({ modelVersion: "2" });
  t.regex(await project.preview(), /version 1 → 2.*roc_auc 0\.8000 → 0\.7500 \(-0\.0500\).*the same inputs/s);
  standIns.calls.clear();
  await project.up();
  const changed = standIns.calls.changes().map((change) => change.split(" ").slice(0, 2).join(" "));
  t.deepEqual(changed.sort(), [
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
    standIns.calls.clear();
    await project.up();
    const changed = standIns.calls.changes().map((change) => change.split(" ").slice(0, 2).join(" "));
    t.true(changed.includes("create kubernetes:batch/v1:Job"), changed.join("\n"));
  },
);

test.serial(
  "pods that don't become ready fail every up with the way back to what was proven, which the next one follows",
  async (t) => {
    await project.configure({ modelVersion: "@broken" });
    standIns.cluster.breakPods(({ kind }) => (kind === "Deployment" ? "the model is missing" : undefined));
    const options = { project: project.folder, stack: "prod", env: { ...userEnvironment(), ...standIns.env } };
    const first = await t.throwsAsync(deploy(options), { instanceOf: DeployError });
    t.regex(first.message, /the model is missing/);
    t.is(first.reasons.at(-1), wayBackTo("1"));
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

test.serial("the wrong account is refused before anything changes", async (t) => {
  await project.configure({ awsAccountId: "210987654321" });
  standIns.calls.clear();
  t.regex(
    await project.failingUp(),
    /credentials of account 210987654321 \(config awsAccountId\).*not allowed: 123456789012/,
  );
  t.deepEqual(standIns.calls.changes(), []);
  await project.configure({ awsAccountId: "123456789012" });
});
