import test from "ava";
import { UNKNOWN } from "./rpc/values.ts";
import { StandIns } from "./stand-ins.ts";
import { ToyProgram } from "./toy-program.ts";

const deployment = { apiVersion: "apps/v1", kind: "Deployment", namespace: "toy", name: "toy" };
let standIns: StandIns;
let program: ToyProgram;

test.before(async () => {
  standIns = await StandIns.start();
  program = await ToyProgram.make(standIns);
});

test.after.always(async () => {
  standIns?.stop();
  await program?.remove();
});

/** Changes without those that only concern other packages. */
function changes(pattern: RegExp): string[] {
  return standIns.calls.changes().filter((change) => pattern.test(change));
}

test.serial("a preview of nothing yet makes nothing, and what only a creation tells is unknown", async (t) => {
  const { status, output } = await program.preview();
  t.is(status, 0, output);
  t.deepEqual(standIns.calls.changes(), []);
  const [image] = standIns.registered("docker:index/image:Image");
  t.is(image!.inputs.imageName, UNKNOWN);
  t.deepEqual(
    standIns.cluster.objects.map(({ kind }) => kind),
    ["Namespace"],
  );
});

test.serial("up makes the resources of all packages; a secret stays one in the state", async (t) => {
  const { status, output } = await program.up();
  t.is(status, 0, output);
  t.is(standIns.calls.changes().length, 9);
  const [digest] = standIns.aws.repositories.get("toy")!.tags.values();
  const live = (await standIns.cluster.get(deployment))!;
  t.regex(JSON.stringify(live.spec), new RegExp(`"image":"[^"]*/toy@${digest}"`));
  const state = (await program.pulumi("stack", "export")).stdout;
  t.false(state.includes("hidden-key"));
  t.false(state.includes(Buffer.from("hidden-key").toString("base64")));
});

test.serial("up again with a refresh changes nothing", async (t) => {
  const { status, output } = await program.up("--refresh");
  t.is(status, 0, output);
  t.deepEqual(standIns.calls.changes(), []);
  t.is(standIns.calls.calls({ method: "read" }).length, 9);
});

test.serial(
  "data of a ConfigMap replace it, deleting first what has the same name; a Job runs anew under a new name",
  async (t) => {
    program.want({ setting: "b" });
    const { status, output } = await program.up();
    t.is(status, 0, output);
    t.deepEqual(changes(/ConfigMap/), [
      "delete kubernetes:core/v1:ConfigMap config",
      "create kubernetes:core/v1:ConfigMap config",
    ]);
    t.deepEqual(changes(/Job/), ["create kubernetes:batch/v1:Job verify", "delete kubernetes:batch/v1:Job verify"]);
    t.is(standIns.cluster.objects.filter(({ kind }) => kind === "Job").length, 1);
  },
);

test.serial("a context that changes is built and pushed again, which an immutable tag refuses", async (t) => {
  await program.write("app.txt", "two\n");
  const refused = await program.up();
  t.regex(refused.output, /image tag 'one' already exists in the 'toy' repository and cannot be overwritten/);
  program.want({ setting: "b", tag: "two" });
  const { status, output } = await program.up();
  t.is(status, 0, output);
  t.deepEqual([...standIns.aws.repositories.get("toy")!.tags.keys()], ["one", "two"]);
});

test.serial("pods that fail fail the update with their messages; once they run, the next one repairs it", async (t) => {
  standIns.cluster.breakPods(({ kind }) => (kind === "Deployment" ? "the model is missing" : undefined));
  program.want({ setting: "c", tag: "two" });
  const failed = await program.up();
  t.not(failed.status, 0);
  t.regex(
    failed.output,
    /reported that "toy\/toy" failed to fully initialize or become live: 'toy' timed out waiting to be Ready/,
  );
  t.regex(failed.output, /containers with unready status: \[toy\]\[Error\] the model is missing/);
  t.deepEqual(changes(/Job/), []);
  t.is(
    (await standIns.cluster.get(deployment))!.status &&
      ((await standIns.cluster.get(deployment))!.status as { availableReplicas: number }).availableReplicas,
    1,
  );
  standIns.cluster.breakPods(() => undefined);
  const { status, output } = await program.up();
  t.is(status, 0, output);
  t.deepEqual(changes(/Deployment/), ["update kubernetes:apps/v1:Deployment deployment"]);
});

test.serial("a Job that failed fails the update, and runs again though nothing else changed", async (t) => {
  standIns.cluster.breakPods(({ kind }) => (kind === "Job" ? "10.0.0.7 /predict: expected 0.5, got 0.4" : undefined));
  program.want({ setting: "d", tag: "two" });
  const failed = await program.up();
  t.not(failed.status, 0);
  t.regex(
    failed.output,
    /::verify" was successfully created, but the Kubernetes API server reported that it failed to fully initialize/,
  );
  t.regex(failed.output, /10\.0\.0\.7 \/predict: expected 0\.5, got 0\.4/);
  t.regex(failed.output, /\[BackoffLimitExceeded\]/);
  standIns.cluster.breakPods(() => undefined);
  const { status, output } = await program.up("--refresh");
  t.is(status, 0, output);
  t.deepEqual(
    standIns.calls.changes().filter((change) => change.startsWith("create")),
    ["create kubernetes:batch/v1:Job verify"],
  );
});

test.serial("a field that kubectl set conflicts, unless the object's annotation forces it", async (t) => {
  const set = (value: string) =>
    standIns.cluster.edit(deployment, "kubectl-set", (object) => {
      const { containers } = (
        object.spec as { template: { spec: { containers: { env: { name: string; value: string }[] }[] } } }
      ).template.spec;
      containers[0]!.env[0]!.value = value;
      containers[0]!.env.push({ name: "EXTRA", value: "kept" });
    });
  set("by hand");
  program.want({ setting: "e", tag: "two" });
  const refused = await program.up();
  t.regex(refused.output, /Apply failed with 1 conflict: conflict with "kubectl-set"/);
  t.regex(refused.output, /\.spec\.template\.spec\.containers\[name="toy"\]\.env\[name="SETTING"\]\.value/);
  program.want({ setting: "e", tag: "two", force: true });
  const { status, output } = await program.up();
  t.is(status, 0, output);
  t.regex(
    JSON.stringify((await standIns.cluster.get(deployment))!.spec),
    /\{"name":"SETTING","value":"e"\},\{"name":"EXTRA","value":"kept"\}/,
  );
});

test.serial("an unknown resource type and an unknown property fail with their names", async (t) => {
  program.want({ setting: "e", tag: "two", force: true, bucket: true });
  t.regex((await program.preview()).output, /the aws stand-in knows no resource type aws:s3\/bucket:Bucket/);
  program.want({ setting: "e", tag: "two", force: true, typo: true });
  t.regex(
    (await program.preview()).output,
    /imageScanningConfiguration\.scanOnPull is unknown: expected one of scanOnPush/,
  );
});

test.serial("a cluster of @pulumi/eks has its control plane, its OIDC provider and its nodes in AWS", async (t) => {
  program.want({ setting: "e", tag: "two", force: true, cluster: true });
  const preview = await program.preview();
  t.is(preview.status, 0, preview.output);
  const { status, output } = await program.up();
  t.is(status, 0, output);
  const { issuer } = standIns.aws.clusters.get("toy-cluster")!;
  t.true(standIns.aws.oidcProviders.has(issuer.slice("https://".length)));
  const [nodes] = standIns.registered("aws:eks/nodeGroup:NodeGroup");
  t.regex(String(nodes!.inputs.nodeRoleArn), /^arn:aws:iam::123456789012:role\/cluster-instanceRole-role-/);
});

test.serial("destroy refuses a repository with images, and deletes the rest", async (t) => {
  const refused = await program.destroy();
  t.regex(refused.output, /ECR Repository \(toy\) not empty/);
  t.deepEqual(
    standIns.cluster.objects.map(({ metadata }) => metadata.name),
    ["default"],
  );
  standIns.aws.repositories.get("toy")!.tags.clear();
  const { status, output } = await program.destroy();
  t.is(status, 0, output);
  t.is(standIns.aws.repositories.size, 0);
});
