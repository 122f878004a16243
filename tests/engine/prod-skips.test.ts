import test from "ava";
import { ProdStack } from "./prod-stack.ts";

const image = "docker:index/image:Image";
const deployment = "kubernetes:apps/v1:Deployment";
const job = "kubernetes:batch/v1:Job";

const stack = await ProdStack.make({ modelVersion: "latest" });
const { project, standIns } = stack;
standIns.aws.addCluster("asgard-cluster");
test.after.always(() => stack.remove());

/** Deploys with flags, and gives what changed. */
function deploy(...flags: readonly string[]): Promise<string[]> {
  return stack.changes(() => project.deploy(...flags));
}

/** Gives the service another source, and so another image. */
async function changeSource(): Promise<void> {
  await stack.append("inference/serve.ts", "// another line\n");
}

test.serial("a new stack without its build is refused before anything changes", async (t) => {
  const changes = await stack.changes(async () => {
    const reasons = await project.failingDeploy("--skip-build");
    t.regex(
      reasons.join("\n"),
      /the build is skipped, but the stack has no image yet, and \w{16} isn't pushed to ml-inference/,
    );
  });
  t.deepEqual(changes, []);
});

test.serial("a new stack without its deployment has an image, and nothing in the cluster", async (t) => {
  const changes = await deploy("--skip-deploy");
  t.true(changes.includes(`create ${image}`));
  t.deepEqual(
    changes.filter((change) => /kubernetes|iam|eks/.test(change)),
    [],
  );
});

test.serial("a new stack without its test is deployed, and not proven", async (t) => {
  const changes = await deploy("--skip-test", "--skip-train");
  t.true(changes.includes(`create ${deployment}`));
  t.false(changes.includes(`create ${job}`));
  t.is((await project.outputs()).modelVersion, "2");
});

test.serial("the next deployment proves it, and changes nothing else", async (t) => {
  t.deepEqual(await deploy(), [`create ${job}`]);
});

test.serial("with all steps skipped, nothing changes however much is new", async (t) => {
  await stack.register(0.9);
  await changeSource();
  t.deepEqual(await deploy("--skip-train", "--skip-build", "--skip-deploy", "--skip-test"), []);
});

test.serial("without its training, the stack keeps its version", async (t) => {
  t.deepEqual(await deploy("--skip-train"), [
    `create ${image}`,
    `create ${job}`,
    `delete ${job}`,
    `update ${deployment}`,
  ]);
  t.is((await project.outputs()).modelVersion, "2");
});

test.serial("without its build, the stack keeps its image and takes the new version", async (t) => {
  await changeSource();
  t.deepEqual(await deploy("--skip-build"), [`create ${job}`, `delete ${job}`, `update ${deployment}`]);
  t.is((await project.outputs()).modelVersion, "3");
});

test.serial("without its deployment, the new image is pushed and what runs stays", async (t) => {
  t.deepEqual(await deploy("--skip-deploy"), [`create ${image}`]);
});

test.serial("without its test, the new image is rolled out and the proof of the one before stays", async (t) => {
  t.deepEqual(await deploy("--skip-test"), [`update ${deployment}`]);
});

test.serial("a skipped step is made up for by the next deployment", async (t) => {
  t.deepEqual(await deploy(), [`create ${job}`, `delete ${job}`]);
  t.deepEqual(await deploy(), []);
});
