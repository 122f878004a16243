import test from "ava";
import { Cluster, type ClusterSettings, type CreatedClusterSettings } from "./cluster.ts";
import { type Answer, known, RecordedStack } from "./fixtures/recorded-stack.ts";
import { planCluster } from "./plan.ts";
import { assertAccount } from "./provider.ts";

const issuer = "oidc.eks.eu-north-1.amazonaws.com/id/A";
const oidcProviderArn = `arn:aws:iam::123456789012:oidc-provider/${issuer}`;
const endpoint = "https://a.gr7.eu-north-1.eks.amazonaws.com";
const adopt: ClusterSettings = { kind: "adopt", name: "asgard-cluster" };
const create: CreatedClusterSettings = {
  kind: "create",
  name: "asgard-cluster",
  version: "1.34",
  vpcId: "vpc-0a",
  privateSubnetIds: ["subnet-0a", "subnet-0b"],
  publicSubnetIds: ["subnet-0c", "subnet-0d"],
  instanceType: "m7i.large",
  nodesMin: 2,
  nodesMax: 6,
  adminRoleArn: "arn:aws:iam::123456789012:role/admin",
  podIdentity: true,
};
const kubeconfigJson = JSON.stringify({
  clusters: [{ cluster: { server: endpoint, "certificate-authority-data": "Q0E=" } }],
});

const calls: Record<string, Answer> = {
  "aws:eks/getClusters:getClusters": () => ({ names: ["asgard-cluster"] }),
  "aws:eks/getCluster:getCluster": () => ({
    endpoint,
    certificateAuthorities: [{ data: "Q0E=" }],
    identities: [{ oidcs: [{ issuer: `https://${issuer}` }] }],
  }),
  "aws:iam/getOpenIdConnectProvider:getOpenIdConnectProvider": ({ url }) => {
    if (url !== `https://${issuer}`) throw new Error(`not found: ${url}`);
    return { arn: oidcProviderArn };
  },
  "aws:index/getPartition:getPartition": () => ({ partition: "aws" }),
  "pulumi:pulumi:readStackResourceOutputs": () => ({ outputs: {} }),
};
const none = { "aws:eks/getClusters:getClusters": () => ({ names: [] }) };
const outputs = {
  "eks:index:Cluster": () => ({
    kubeconfigJson,
    oidcIssuer: issuer,
    oidcProviderArn,
    core: { cluster: { name: "asgard-cluster" } },
    eksCluster: { name: "asgard-cluster" },
    instanceRoles: [{ arn: "arn:aws:iam::123456789012:role/nodes" }],
  }),
  "aws:ec2/launchTemplate:LaunchTemplate": () => ({ latestVersion: 1 }),
};

async function made(
  settings: ClusterSettings,
  { identity = "irsa", others = {} }: { identity?: "irsa" | "none"; others?: Record<string, Answer> } = {},
) {
  const stack = await RecordedStack.start({ calls: { ...calls, ...others }, outputs });
  const plan = await planCluster(settings, { region: "eu-north-1", identity }, {});
  const cluster = new Cluster("cluster", { plan });
  await stack.settled();
  const values = {
    name: await known(cluster.name),
    kubeconfig: JSON.parse((await known(cluster.kubeconfig)) ?? ""),
    issuer: await known(cluster.issuer),
    oidcProviderArn: await known(cluster.oidcProviderArn),
  };
  return { stack, plan, values };
}

test.serial("an adopted cluster is known before anything is registered, and stays as it is", async (t) => {
  const { stack, plan, values } = await made(adopt);
  t.deepEqual(
    stack.registered.map(({ type }) => type),
    ["pipeline:aws:Cluster"],
  );
  t.like(values, { name: "asgard-cluster", issuer, oidcProviderArn });
  t.is(values.kubeconfig.clusters[0].cluster.server, endpoint);
  t.deepEqual(JSON.parse(plan.found!.kubeconfig), values.kubeconfig);
});

test.serial("the OIDC provider is asked for by IRSA alone", async (t) => {
  const { stack, values } = await made(adopt, { identity: "none" });
  t.is(values.oidcProviderArn, "");
  t.false(stack.called.includes("aws:iam/getOpenIdConnectProvider:getOpenIdConnectProvider"));
  const lacking = made(adopt, {
    others: {
      "aws:iam/getOpenIdConnectProvider:getOpenIdConnectProvider": () => {
        throw new Error("not found");
      },
    },
  });
  await t.throwsAsync(lacking, { message: /irsa needs an IAM OIDC provider.*associate-iam-oidc-provider/ });
});

test.serial("a cluster to adopt that isn't there is an error that names it", async (t) => {
  await t.throwsAsync(made(adopt, { others: none }), {
    message: /config clusterName: expected an EKS cluster asgard-cluster in eu-north-1 to adopt, got none/,
  });
});

test.serial("a created cluster is closed, logged and of the version asked for", async (t) => {
  const { stack, plan, values } = await made(create, { others: none });
  t.is(plan.found, undefined);
  const [cluster] = stack.ofType("eks:index:Cluster");
  t.like(cluster?.inputs, {
    name: "asgard-cluster",
    version: "1.34",
    authenticationMode: "API",
    endpointPrivateAccess: true,
    endpointPublicAccess: false,
    publicAccessCidrs: undefined,
    enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
    createOidcProvider: true,
    skipDefaultNodeGroup: true,
    nodeAssociatePublicIpAddress: false,
    deletionProtection: true,
    vpcCniOptions: { enableNetworkPolicy: true },
  });
  t.like(cluster?.inputs.accessEntries.admin, {
    principalArn: create.adminRoleArn,
    accessPolicies: {
      admin: { policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy" },
    },
  });
  t.like(values, { name: "asgard-cluster", issuer, oidcProviderArn });
  t.is(values.kubeconfig.clusters[0].cluster.server, endpoint);
});

test.serial("its nodes are private, encrypted, and answer for their metadata by IMDSv2, one hop far", async (t) => {
  const { stack } = await made(create, { others: none });
  const [template] = stack.ofType("aws:ec2/launchTemplate:LaunchTemplate");
  t.like(template?.inputs.metadataOptions, { httpTokens: "required", httpPutResponseHopLimit: 1 });
  t.is(template?.inputs.blockDeviceMappings[0].ebs.encrypted, "true");
  t.is(template?.inputs.networkInterfaces, undefined);
  const [nodes] = stack.ofType("eks:index:ManagedNodeGroup");
  t.like(nodes?.inputs, {
    subnetIds: create.privateSubnetIds,
    scalingConfig: { minSize: 2, maxSize: 6, desiredSize: 2 },
    instanceTypes: ["m7i.large"],
    nodeRoleArn: "arn:aws:iam::123456789012:role/nodes",
    launchTemplate: { id: `${template?.name}-id`, version: "1" },
  });
});

for (const [podIdentity, expected] of [
  [true, ["metrics-server", "eks-pod-identity-agent"]],
  [false, ["metrics-server"]],
] as const)
  test.serial(`add-ons ${podIdentity ? "with" : "without"} Pod Identity`, async (t) => {
    const { stack } = await made({ ...create, podIdentity }, { others: none });
    const addons = stack.ofType("aws:eks/addon:Addon").map(({ inputs }) => inputs.addonName);
    t.deepEqual(addons, [...expected]);
  });

test.serial("the control plane answers from outside for stated addresses alone", async (t) => {
  const { stack } = await made({ ...create, publicAccessCidrs: ["192.0.2.0/24"] }, { others: none });
  t.like(stack.ofType("eks:index:Cluster")[0]?.inputs, {
    endpointPublicAccess: true,
    publicAccessCidrs: ["192.0.2.0/24"],
  });
});

test.serial("a cluster to create that exists is taken for the stack's own only where it is", async (t) => {
  await t.throwsAsync(made(create), { message: /config cluster: create would make asgard-cluster, but.*adopt/ });
  const state = { "urn:c::cluster-eks": { type: "eks:index:Cluster", outputs: {} } };
  const { plan, values } = await made(create, {
    others: { "pulumi:pulumi:readStackResourceOutputs": () => ({ outputs: state }) },
  });
  t.deepEqual(JSON.parse(plan.found!.kubeconfig), values.kubeconfig);
});

test.serial("credentials of another account are an error that names both", async (t) => {
  const identity = () => ({ accountId: "222222222222", arn: "arn:aws:iam::222222222222:user/a" });
  await RecordedStack.start({ calls: { "aws:index/getCallerIdentity:getCallerIdentity": identity } });
  const region = "eu-north-1";
  t.is(await assertAccount({ region, accountId: undefined }, {}), "222222222222");
  t.is(await assertAccount({ region, accountId: "222222222222" }, {}), "222222222222");
  await t.throwsAsync(assertAccount({ region, accountId: "111111111111" }, {}), {
    message: /awsAccountId: expected credentials of account 111111111111, got those of 222222222222/,
  });
  await RecordedStack.start();
  await t.throwsAsync(assertAccount({ region, accountId: "111111111111" }, {}), {
    message: /expected credentials of account 111111111111 .*got/,
  });
});
