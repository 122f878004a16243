import { execFileSync } from "node:child_process";
import test from "ava";
import { ProdStack } from "./prod-stack.ts";

const image = "docker:index/image:Image";
const rollout = [
  "create kubernetes:batch/v1:Job",
  "delete kubernetes:batch/v1:Job",
  "update kubernetes:apps/v1:Deployment",
];

const stack = await ProdStack.make();
const { project, standIns } = stack;
standIns.aws.addCluster("asgard-cluster");
test.after.always(() => stack.remove());

/** Tags in the registry, oldest first. */
function pushed(): [tag: string, digest: string][] {
  return [...standIns.aws.repositories.get("ml-inference")!.tags];
}

/** The image that pods run. */
function running(): unknown {
  const [deployment] = standIns.registered("kubernetes:apps/v1:Deployment");
  const { template } = deployment!.inputs.spec as { template: { spec: { containers: { image: string }[] } } };
  return template.spec.containers[0]!.image.split("@")[1];
}

test.serial(
  "an image that the stack built is adopted by its digest in the runs after, which delete nothing",
  async (t) => {
    t.true((await stack.up()).includes(`create ${image}`));
    const [[, digest]] = pushed() as [[string, string]];
    t.deepEqual(await stack.up(), []);
    t.is(running(), digest);
    t.deepEqual((await project.deploy("--preview")).changes, []);
  },
);

test.serial("another text of the README, committed, rebuilds nothing", async (t) => {
  await stack.append("README.md", "\nAnother line.\n");
  const author = ["-c", "user.name=Test", "-c", "user.email=test@example.com"];
  for (const args of [["init"], ["add", "README.md"], [...author, "commit", "-m", "another line"]])
    execFileSync("git", args, { cwd: project.folder, stdio: "ignore" });
  t.deepEqual(await stack.up(), []);
  t.is(pushed().length, 1);
});

test.serial("another source of the service builds another tag, which the pods run", async (t) => {
  await stack.append("inference/serve.ts", "// another line\n");
  const changes = await stack.changes(async () => {
    const { report } = await project.deploy();
    t.is(report?.model, undefined);
    t.regex(report?.image?.reference ?? "", /^ml-inference:[0-9a-f]{16}$/);
    t.true(report?.image?.build);
  });
  t.deepEqual(changes, [`create ${image}`, ...rollout].sort());
  t.is(pushed().length, 2);
  t.is(running(), pushed()[1]![1]);
  t.deepEqual(await stack.up(), []);
});

test.serial(
  "a stack that never built it takes a pushed image by its digest, without its build too, and plans no deletion",
  async (t) => {
    const other = await stack.another({ roleName: "other-role", namespace: "other" });
    await other.append("inference/serve.ts", "// another line\n");
    const changes = await other.changes(() => other.project.deploy("--skip-build"));
    t.deepEqual(
      changes.filter((change) => /docker|ecr|delete/.test(change)),
      [],
    );
    t.is(running(), pushed()[1]![1]);
    t.deepEqual(await other.up(), []);
    await other.remove();
  },
);

test.serial(
  "with the model in the image, another version changes the image and what runs it, and nothing else",
  async (t) => {
    standIns.project = project.folder;
    await project.configure({ modelDelivery: "image" });
    await stack.up();
    const before = pushed().length;
    await project.configure({ modelVersion: "2" });
    t.deepEqual(await stack.up(), [`create ${image}`, ...rollout].sort());
    t.is(pushed().length, before + 1);
    t.is(running(), pushed().at(-1)![1]);
  },
);

test.serial("a rollback to a version whose image is pushed builds nothing", async (t) => {
  await project.configure({ modelVersion: "1" });
  t.deepEqual(await stack.up(), rollout);
  t.is(running(), pushed().at(-2)![1]);
});
