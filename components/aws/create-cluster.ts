import * as aws from "@pulumi/aws";
import * as eks from "@pulumi/eks";
import { interpolate, type Resource } from "@pulumi/pulumi";
import type { CreatedClusterSettings } from "./cluster.ts";

/** Size of a node's root volume, in GiB. */
const rootVolumeSize = 50;

/**
 * Makes an EKS cluster: access by IAM's access entries alone, all control-plane logs, NetworkPolicies enforced, an OIDC provider,
 * and nodes without public addresses. Its autoscaler isn't part of it: the nodes stay as many as `nodesMin` until one is
 * installed, or someone scales the group up to `nodesMax`.
 */
export function createCluster(
  name: string,
  settings: CreatedClusterSettings,
  { parent, protect }: { readonly parent: Resource; readonly protect: boolean },
): eks.Cluster {
  const { publicAccessCidrs = [], privateSubnetIds, publicSubnetIds, adminRoleArn } = settings;
  const cluster = new eks.Cluster(
    `${name}-eks`,
    {
      name: settings.name,
      version: settings.version,
      upgradePolicy: { supportType: "STANDARD" },
      vpcId: settings.vpcId,
      privateSubnetIds: [...privateSubnetIds],
      publicSubnetIds: [...publicSubnetIds],
      endpointPrivateAccess: true,
      endpointPublicAccess: publicAccessCidrs.length > 0,
      ...(publicAccessCidrs.length > 0 && { publicAccessCidrs: [...publicAccessCidrs] }),
      authenticationMode: eks.AuthenticationMode.Api,
      ...(adminRoleArn && { accessEntries: { admin: adminEntry(adminRoleArn, parent) } }),
      enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
      createOidcProvider: true,
      useDefaultVpcCni: false,
      vpcCniOptions: { enableNetworkPolicy: true },
      skipDefaultNodeGroup: true,
      skipDefaultSecurityGroups: true,
      createInstanceRole: true,
      nodeAssociatePublicIpAddress: false,
      deletionProtection: protect,
    },
    { parent, protect },
  );
  const nodes = createNodes(name, settings, cluster, parent);
  const addons = ["metrics-server", ...(settings.podIdentity ? ["eks-pod-identity-agent"] : [])];
  for (const addonName of addons) {
    const clusterName = cluster.eksCluster.name;
    new aws.eks.Addon(`${name}-${addonName}`, { clusterName, addonName }, { parent, dependsOn: nodes });
  }
  return cluster;
}

function adminEntry(principalArn: string, parent: Resource) {
  const { partition } = aws.getPartitionOutput({}, { parent });
  const policyArn = interpolate`arn:${partition}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy`;
  const admin = { policyArn, accessScope: { type: "cluster" } };
  return { principalArn, accessPolicies: { admin } };
}

/** Nodes whose root volume is encrypted, and whose credentials no pod gets: metadata by IMDSv2, one hop far. */
function createNodes(name: string, settings: CreatedClusterSettings, cluster: eks.Cluster, parent: Resource) {
  const { version, privateSubnetIds, instanceType, nodesMin, nodesMax } = settings;
  const ebs = { encrypted: "true", volumeType: "gp3", volumeSize: rootVolumeSize, deleteOnTermination: "true" };
  const template = new aws.ec2.LaunchTemplate(
    `${name}-nodes`,
    {
      blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs }],
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      updateDefaultVersion: true,
    },
    { parent },
  );
  return new eks.ManagedNodeGroup(
    `${name}-nodes`,
    {
      cluster: cluster.core,
      clusterName: cluster.eksCluster.name,
      nodeRoleArn: cluster.instanceRoles.apply(([role]) => role!.arn),
      version,
      operatingSystem: eks.OperatingSystem.AL2023,
      instanceTypes: [instanceType],
      subnetIds: [...privateSubnetIds],
      scalingConfig: { minSize: nodesMin, maxSize: nodesMax, desiredSize: nodesMin },
      ignoreScalingChanges: true,
      launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
    },
    { parent, dependsOn: cluster },
  );
}
