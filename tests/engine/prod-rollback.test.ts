import test from "ava";
import { ProdStack } from "./prod-stack.ts";

const stack = await ProdStack.make();
const { project, standIns } = stack;
standIns.aws.addCluster("asgard-cluster");
test.after.always(() => stack.remove());

const ofDeployment = { apiVersion: "apps/v1", kind: "Deployment", namespace: "ml-inference", name: "ml-inference" };

/** The ConfigMap that the Deployment's pods need. */
async function needed(): Promise<string> {
  const live = await standIns.cluster.get(ofDeployment);
  return /"configMapRef":\{"name":"([^"]+)"/.exec(JSON.stringify(live))![1]!;
}

/** ConfigMaps of the pods that exist. */
function configMaps(): string[] {
  return standIns.cluster.objects
    .filter(({ kind, metadata }) => kind === "ConfigMap" && metadata.name.startsWith("ml-inference-config-"))
    .map(({ metadata }) => metadata.name);
}

let first: string;

test.serial(
  "a failed rollout says why its pods failed, and leaves the configuration that the old pods need",
  async (t) => {
    await stack.up();
    first = await needed();
    standIns.cluster.breakPods(({ kind, spec }) =>
      kind === "Deployment" && /"MODEL_VERSION","value":"2"/.test(JSON.stringify(spec))
        ? "the model is broken"
        : undefined,
    );
    await project.configure({ modelVersion: "2", logLevel: "debug" });
    t.regex(await project.failingUp(), /the model is broken/);
    t.not(await needed(), first);
    t.deepEqual(new Set(configMaps()), new Set([first, await needed()]));
  },
);

test.serial("up once more fails alike, and the old pods' configuration is still there", async (t) => {
  t.regex(await project.failingUp(), /the model is broken/);
  t.true(configMaps().includes(first));
});

test.serial("a rollback right after it works, and its pods find their configuration", async (t) => {
  await project.configure({ modelVersion: "1", logLevel: "info" });
  await stack.up();
  t.is(await needed(), first);
  t.true(configMaps().includes(first));
});

test.serial("so they do one run later, which changes nothing", async (t) => {
  t.deepEqual(await stack.up(), []);
  t.true(configMaps().includes(first));
});

test.serial("the mended version is rolled out, and back once more", async (t) => {
  standIns.cluster.breakPods(() => undefined);
  await project.configure({ modelVersion: "2", logLevel: "debug" });
  await stack.up();
  const second = await needed();
  t.true(configMaps().includes(second));
  await project.configure({ modelVersion: "1", logLevel: "info" });
  await stack.up();
  await stack.up();
  t.is(await needed(), first);
  t.true(configMaps().includes(first));
});
