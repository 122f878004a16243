import test from "ava";
import { UNKNOWN } from "../stand-ins/rpc/values.ts";
import { ProdStack } from "./prod-stack.ts";

const stack = await ProdStack.make({
  cluster: "create",
  clusterName: "made",
  vpcId: "vpc-0a1b2c3d",
  privateSubnetIds: "subnet-0a1b2c3d,subnet-1a1b2c3d",
});
const { project, standIns } = stack;
test.after.always(() => stack.remove());

test.serial(
  "a preview of a cluster that is yet to be created makes nothing, and what only it tells is unknown",
  async (t) => {
    const { changes } = await project.deploy("--preview");
    const planned = changes.map(({ kind }) => kind);
    for (const kind of ["Cluster", "NodeGroup", "OpenIdConnectProvider", "Role", "Deployment", "Job"])
      t.true(planned.includes(kind), `${kind}: ${planned}`);
    t.deepEqual(standIns.calls.changes(), []);
    const [nodes] = standIns.registered("aws:eks/nodeGroup:NodeGroup");
    t.is(nodes!.inputs.nodeRoleArn, UNKNOWN);
    t.deepEqual(nodes!.inputs.subnetIds, ["subnet-0a1b2c3d", "subnet-1a1b2c3d"]);
    t.deepEqual(stack.violations(), []);
  },
);

test.serial("up makes the cluster, its nodes, and the workload in it", async (t) => {
  await stack.up();
  t.true(standIns.aws.clusters.has("made"));
  const [nodes] = standIns.registered("aws:eks/nodeGroup:NodeGroup");
  t.like(nodes!.inputs, { clusterName: "made", subnetIds: ["subnet-0a1b2c3d", "subnet-1a1b2c3d"] });
  const order = standIns.calls.changes().map((change) => change.split(" ")[1]!);
  t.true(order.indexOf("kubernetes:apps/v1:Deployment") > order.indexOf("aws:eks/nodeGroup:NodeGroup"), `${order}`);
  t.deepEqual(stack.violations(), []);
});

test.serial("the role trusts the ServiceAccount of the created cluster alone, for STS", (t) => {
  const role = standIns.registered("aws:iam/role:Role").find(({ inputs }) => inputs.name === "ml-inference-role");
  const { Statement } = JSON.parse(role!.inputs.assumeRolePolicy as string);
  const issuer = standIns.aws.clusters.get("made")!.issuer.slice("https://".length);
  t.deepEqual(Statement, [
    {
      Effect: "Allow",
      Principal: { Federated: standIns.aws.oidcProviders.get(issuer)!.arn },
      Action: ["sts:AssumeRoleWithWebIdentity"],
      Condition: {
        StringEquals: {
          [`${issuer}:aud`]: "sts.amazonaws.com",
          [`${issuer}:sub`]: "system:serviceaccount:ml-inference:ml-inference",
        },
      },
    },
  ]);
});

test.serial("a second up changes nothing", async (t) => {
  t.deepEqual(await stack.up(), []);
});

test.serial("destroy leaves the cluster, and says so", async (t) => {
  const { kept = [] } = await project.deploy("--destroy");
  t.true(kept.some(({ kind, id }) => kind === "Cluster" && id === "made"));
  t.true(standIns.aws.clusters.has("made"));
  t.deepEqual(await project.stateOf("Deployment"), []);
});

test.serial("the stack is deployed to its cluster again", async (t) => {
  const changes = await stack.changes(() => project.deploy());
  t.true(changes.includes("create kubernetes:apps/v1:Deployment"));
  t.false(changes.includes("create aws:eks/cluster:Cluster"));
});
