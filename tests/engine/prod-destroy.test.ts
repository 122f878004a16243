import test from "ava";
import { ProdStack } from "./prod-stack.ts";

const stack = await ProdStack.make();
const { project, standIns } = stack;
standIns.aws.addCluster("asgard-cluster");
test.before(() => stack.up());
test.after.always(() => stack.remove());

test.serial("destroy takes the service down, keeps repository and images, and says so", async (t) => {
  const [...images] = standIns.aws.repositories.get("ml-inference")!.tags;
  const { kept, changes } = await project.deploy("--destroy");
  t.deepEqual(
    kept?.map(({ name, kind }) => `${kind} ${name}`),
    ["Repository image-repository"],
  );
  t.true(changes.some(({ kind }) => kind === "Deployment"));
  t.deepEqual([...standIns.aws.repositories.get("ml-inference")!.tags], images);
  t.deepEqual(
    standIns.cluster.objects.map(({ metadata }) => metadata.name),
    ["default"],
  );
  t.is((await project.versions()).length, 2);
});

test.serial("a destroy of what is destroyed changes nothing, and says what is left again", async (t) => {
  const { kept, changes } = await project.deploy("--destroy");
  t.is(kept?.length, 1);
  t.deepEqual(changes, []);
});

test.serial("pulumi's own destroy refuses what is protected, and deletes nothing", async (t) => {
  const changes = await stack.changes(async () => {
    const { status, output } = await project.pulumi("destroy", "--yes", "--stack", "prod");
    t.not(status, 0);
    t.regex(output, /image-repository.*protect/s);
  });
  t.deepEqual(changes, []);
});

test.serial("a destroyed stack is deployed again, with the image that is left", async (t) => {
  const changes = await stack.changes(() => project.deploy());
  t.true(changes.includes("create kubernetes:apps/v1:Deployment"));
  t.deepEqual(
    changes.filter((change) => /docker|repository|delete/.test(change)),
    [],
  );
  t.like(await project.outputs(), { modelVersion: "1", endpoint: "https://ml-inference.example.com" });
});
