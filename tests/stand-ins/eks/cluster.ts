import { type MonitoredResource, reference } from "../rpc/monitor.ts";
import type { ConstructRequest } from "../rpc/provider.ts";
import { containsUnknown, isObject, type Properties, plain, plainProperties, UNKNOWN } from "../rpc/values.ts";
import type { Component } from "./eks-provider.ts";

/**
 * A cluster as @pulumi/eks makes it, without its default node group, security groups and add-ons: the roles, the control plane
 * and the OIDC provider. Source: pulumi-eks, nodejs/eks/cluster.ts
 */
export async function constructCluster(request: ConstructRequest, component: Component): Promise<Properties> {
  const { name, inputs, providers, protect } = request;
  const args = plainProperties(inputs);
  if (args.skipDefaultNodeGroup !== true && !args.fargate && !args.autoMode) {
    throw new Error(
      `eks:index:Cluster ${name}: the eks stand-in makes no default node group: expected skipDefaultNodeGroup: true`,
    );
  }
  const child = (type: string, suffix: string, properties: Properties) =>
    component.monitor.register(type, `${name}-${suffix}`, properties, {
      parent: component.urn,
      provider: providers.aws,
      protect,
    });

  const role = await child("aws:iam/role:Role", "eksRole-role", {
    assumeRolePolicy: trust("eks.amazonaws.com"),
    description: "Allows EKS to manage clusters on your behalf.",
  });
  await child("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "eksRole-4b490823", {
    role: role.outputs.name,
    policyArn: "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy",
  });
  const nodeRole =
    args.createInstanceRole === false || args.instanceRole || args.instanceRoles
      ? undefined
      : await child("aws:iam/role:Role", "instanceRole-role", { assumeRolePolicy: trust("ec2.amazonaws.com") });
  const subnetIds = (args.subnetIds ?? [
    ...((args.privateSubnetIds as unknown[]) ?? []),
    ...((args.publicSubnetIds as unknown[]) ?? []),
  ]) as string[];
  const cluster = await child("aws:eks/cluster:Cluster", "eksCluster", {
    ...(args.name !== undefined && { name: args.name }),
    ...(args.version !== undefined && { version: args.version }),
    ...(args.enabledClusterLogTypes !== undefined && { enabledClusterLogTypes: args.enabledClusterLogTypes }),
    ...(args.upgradePolicy !== undefined && { upgradePolicy: args.upgradePolicy }),
    ...(args.deletionProtection !== undefined && { deletionProtection: args.deletionProtection }),
    ...(args.authenticationMode !== undefined && { accessConfig: { authenticationMode: args.authenticationMode } }),
    ...(args.encryptionConfigKeyArn !== undefined && {
      encryptionConfig: { provider: { keyArn: args.encryptionConfigKeyArn }, resources: ["secrets"] },
    }),
    roleArn: role.outputs.arn,
    tags: { Name: `${name}-eksCluster`, ...((args.tags as object) ?? {}), ...((args.clusterTags as object) ?? {}) },
    vpcConfig: {
      subnetIds,
      endpointPrivateAccess: args.endpointPrivateAccess ?? false,
      endpointPublicAccess: args.endpointPublicAccess ?? true,
      ...(args.publicAccessCidrs !== undefined && { publicAccessCidrs: args.publicAccessCidrs }),
    },
  });
  for (const [entry, settings] of Object.entries((args.accessEntries as Properties) ?? {})) {
    await accessEntry(child, cluster, entry, settings as Properties);
  }
  const { name: clusterName } = cluster.outputs;
  if (args.useDefaultVpcCni !== true) {
    const { enableNetworkPolicy } = (args.vpcCniOptions ?? {}) as Properties;
    const configurationValues = JSON.stringify({ enableNetworkPolicy: String(enableNetworkPolicy === true) });
    await child("aws:eks/addon:Addon", "vpc-cni", { clusterName, addonName: "vpc-cni", configurationValues });
  }
  const issuer = at(cluster.outputs, "identities", 0, "oidcs", 0, "issuer");
  const oidc =
    args.createOidcProvider === true
      ? await child("aws:iam/openIdConnectProvider:OpenIdConnectProvider", "oidcProvider", {
          clientIdLists: ["sts.amazonaws.com"],
          url: issuer,
        })
      : undefined;
  const kubeconfig = kubeconfigOf(cluster);
  return {
    core: {
      cluster: reference(cluster),
      clusterIamRole: reference(role),
      endpoint: cluster.outputs.endpoint,
      instanceRoles: nodeRole ? [reference(nodeRole)] : [],
      kubeconfig,
      nodeGroupOptions: {},
      ...(oidc && { oidcProvider: reference(oidc) }),
      subnetIds,
      vpcId: args.vpcId ?? at(cluster.outputs, "vpcConfig", "vpcId"),
    },
    clusterIngressRuleId: "",
    clusterSecurityGroupId: at(cluster.outputs, "vpcConfig", "clusterSecurityGroupId"),
    defaultNodeGroupAsgName: "",
    eksCluster: reference(cluster),
    fargateProfileId: "",
    fargateProfileStatus: "",
    autoModeNodeRoleName: "",
    instanceRoles: nodeRole ? [reference(nodeRole)] : [],
    kubeconfig,
    kubeconfigJson: containsUnknown(kubeconfig) ? UNKNOWN : JSON.stringify(kubeconfig),
    nodeSecurityGroupId: "",
    oidcIssuer: issuer === UNKNOWN ? UNKNOWN : String(issuer).replace(/^https:\/\//, ""),
    oidcProviderArn: oidc?.outputs.arn ?? "",
    oidcProviderUrl: issuer,
  };
}

type Child = (type: string, suffix: string, properties: Properties) => Promise<MonitoredResource>;

async function accessEntry(
  child: Child,
  cluster: MonitoredResource,
  name: string,
  settings: Properties,
): Promise<void> {
  const { accessPolicies = {}, kubernetesGroups, principalArn, type = "STANDARD", username, tags } = settings;
  const clusterName = cluster.outputs.name;
  const given = { kubernetesGroups, userName: username, tags };
  await child("aws:eks/accessEntry:AccessEntry", name, { clusterName, principalArn, type, ...given });
  for (const [policy, { accessScope, policyArn }] of Object.entries(accessPolicies as Record<string, Properties>)) {
    const properties = { clusterName, principalArn, accessScope, policyArn };
    await child("aws:eks/accessPolicyAssociation:AccessPolicyAssociation", `${name}-${policy}`, properties);
  }
}

function trust(service: string): string {
  const Statement = [{ Action: ["sts:AssumeRole"], Effect: "Allow", Principal: { Service: [service] } }];
  return JSON.stringify({ Version: "2012-10-17", Statement });
}

/** A member deep within outputs; unknown within what is unknown. */
function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  const [key, ...rest] = path;
  const inner = plain(value);
  if (key === undefined || inner === UNKNOWN) return inner;
  return isObject(inner) || Array.isArray(inner) ? at((inner as Properties)[key], ...rest) : UNKNOWN;
}

/** As `aws eks update-kubeconfig` writes it: no secret in it, a token is asked of the aws command. */
function kubeconfigOf({ outputs }: MonitoredResource): unknown {
  const certificateAuthority = at(outputs, "certificateAuthority", "data");
  const { endpoint, name } = outputs;
  if ([certificateAuthority, endpoint, name].includes(UNKNOWN)) return UNKNOWN;
  const exec = {
    apiVersion: "client.authentication.k8s.io/v1beta1",
    command: "aws",
    args: ["eks", "get-token", "--cluster-name", name, "--output", "json"],
  };
  return {
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      { name: "kubernetes", cluster: { server: endpoint, "certificate-authority-data": certificateAuthority } },
    ],
    contexts: [{ name: "aws", context: { cluster: "kubernetes", user: "aws" } }],
    "current-context": "aws",
    users: [{ name: "aws", user: { exec } }],
  };
}
