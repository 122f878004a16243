import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import test from "ava";
import { requestJson } from "../../inference/request-json.ts";
import { DeployedStack } from "./deployed-stack.ts";

// What operators do by hand to a deployed stack, and what the next up makes of it.

const stack = await DeployedStack.make();
const { project } = stack;
const deployment = "deployment/ml-inference";
test.after.always(() => stack.remove());

test.before("version 1 is deployed, of two", async () => {
  for (const seed of ["1", "2"]) await stack.train("--n-estimators=20", "--max-depth=6", `--random-state=${seed}`);
  await project.up();
});

const rolledOut = () => stack.kubectl("rollout", "status", deployment, "--timeout=120s");

/** Environment of the serving container, as the Deployment says it. */
async function environment(): Promise<Record<string, string | undefined>> {
  const { env } = (await stack.get(deployment)).spec.template.spec.containers[0];
  return Object.fromEntries((env as { name: string; value?: string }[]).map(({ name, value }) => [name, value]));
}

test.serial("kubectl set env: a variable of one's own lasts", async (t) => {
  await stack.kubectl("set", "env", deployment, "LOG_LEVEL=debug");
  await rolledOut();
  await project.up();
  t.like(await environment(), { LOG_LEVEL: "debug", MODEL_VERSION: "1" });
  await stack.kubectl("set", "env", deployment, "LOG_LEVEL-");
  await rolledOut();
});

test.serial("kubectl set env: another model version serves, until the next up puts the stack's back", async (t) => {
  await stack.kubectl("set", "env", deployment, "MODEL_VERSION=2");
  await rolledOut();
  t.is(await stack.served(), "2");
  await project.up();
  t.is(await stack.served(), "1");
});

test.serial("kubectl set env: the threads that the program counts are put back by the next up", async (t) => {
  await stack.kubectl("set", "env", deployment, "MODEL_THREADS=2");
  await rolledOut();
  await project.up();
  t.is((await environment()).MODEL_THREADS, "1");
});

test.serial("kubectl set image: the next up puts the stack's back", async (t) => {
  const image = async () => (await stack.get(deployment)).spec.template.spec.containers[0].image as string;
  const before = await image();
  const other = before.replace(/@sha256:.*/, ":no-such-tag");
  await stack.kubectl("set", "image", deployment, `inference=${other}`);
  t.is(await image(), other);
  await project.up();
  t.is(await image(), before);
  t.is(await stack.served(), "1");
});

test.serial("kubectl scale: lasts until the autoscaler thinks otherwise, and up leaves it alone", async (t) => {
  await stack.kubectl("scale", deployment, "--replicas=3");
  await rolledOut();
  const before = stack.standIns.calls.changes().length;
  await project.up();
  t.deepEqual(stack.standIns.calls.changes().slice(before), []);
  t.true((await stack.get(deployment)).spec.replicas >= 2);
});

test.serial("kubectl rollout restart: new pods, and up has nothing to put back", async (t) => {
  const before = await stack.pods();
  await stack.kubectl("rollout", "restart", deployment);
  await rolledOut();
  const { annotations } = (await stack.get(deployment)).spec.template.metadata;
  await project.up();
  t.deepEqual((await stack.get(deployment)).spec.template.metadata.annotations, annotations);
  t.false((await stack.pods()).some((pod) => before.includes(pod)));
});

test.serial(
  "kubectl rollout undo: the revision before serves with its own expectation, until the next up",
  async (t) => {
    await project.configure({ modelVersion: "2" });
    await project.up();
    await stack.kubectl("rollout", "undo", deployment);
    await rolledOut();
    t.is(await stack.served(), "1");
    await project.up();
    t.is(await stack.served(), "2");
  },
);

test.serial("kubectl logs names the serving pods' lines alone, and top what they take", async (t) => {
  const lines = (await stack.kubectl("logs", "--selector=app=ml-inference", "--tail=-1")).trim().split("\n");
  t.true(lines.map((line) => JSON.parse(line).msg).includes("ready"));
  await stack.until("metrics are there", 60, () =>
    stack.kubectl("top", "pods", "--selector=app=ml-inference").then(
      (table) => /^ml-inference-\S+\s+\d+m\s+\d+Mi/m.test(table),
      () => false,
    ),
  );
  t.regex(await stack.kubectl("describe", deployment), /Image: .*@sha256:[0-9a-f]{64}/);
});

test.serial("kubectl port-forward leads to the Service, past the Ingress", async (t) => {
  const forward = spawn(
    "kubectl",
    ["--namespace", stack.namespace, "port-forward", "service/ml-inference-service", ":80"],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  t.teardown(() => forward.kill());
  const { body } = await requestJson(`http://127.0.0.1:${await portOf(forward)}/metadata`);
  t.like(body, { model_name: stack.modelName, model_version: "2" });
});

/** The port of this machine that a port-forward says it has taken. */
async function portOf(forward: ChildProcess): Promise<string> {
  const [line] = (await once(createInterface({ input: forward.stdout! }), "line")) as [string];
  return /127\.0\.0\.1:(\d+)/.exec(line)![1]!;
}
