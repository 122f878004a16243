import type { Cloud } from "./cloud.ts";
import { choiceProblem, idOf, patternProblem, type ResourceType } from "./resource-type.ts";

const arnOfRole = (path: string, value: unknown) =>
  patternProblem(path, value, /^arn:[^:]+:iam::\d{12}:role\/.+/, "the ARN of a role");

const cluster: ResourceType = {
  replaceOn: ["name", "roleArn", "bootstrapSelfManagedAddons", "encryptionConfig", "region"],
  autoname: "name",
  problems: (inputs) => [
    ...patternProblem("name", inputs.name, /^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/, "1 to 100 letters, digits, - and _"),
    ...arnOfRole("roleArn", inputs.roleArn),
    ...((inputs.enabledClusterLogTypes ?? []) as string[]).flatMap((type, index) =>
      choiceProblem(`enabledClusterLogTypes[${index}]`, type, [
        "api",
        "audit",
        "authenticator",
        "controllerManager",
        "scheduler",
      ]),
    ),
  ],
  create(cloud, inputs) {
    const id = inputs.name as string;
    if (cloud.clusters.has(id)) throw new Error(`ResourceInUseException: Cluster already exists with name: ${id}`);
    const { subnetIds } = inputs.vpcConfig as { subnetIds: string[] };
    const made = cloud.addCluster(id, {
      oidc: false,
      subnetIds,
      roleArn: inputs.roleArn as string,
      ...(inputs.version ? { version: inputs.version as string } : {}),
    });
    const outputs = {
      arn: cloud.arn("eks", `cluster/${id}`),
      certificateAuthority: { data: made.certificateAuthority },
      clusterId: null,
      createdAt: "2026-01-01T00:00:00Z",
      endpoint: made.endpoint,
      identities: [{ oidcs: [{ issuer: made.issuer }] }],
      platformVersion: "eks.1",
      status: "ACTIVE",
      version: made.version,
      vpcConfig: { ...(inputs.vpcConfig as object), vpcId: made.vpcId, clusterSecurityGroupId: "sg-0a1b2c3d4e5f60718" },
      tagsAll: inputs.tags ?? {},
    };
    return { id, outputs };
  },
  delete(cloud, id, inputs) {
    if (inputs.deletionProtection === true)
      throw new Error(`InvalidRequestException: Cluster ${id} has deletion protection enabled`);
    cloud.clusters.delete(id);
  },
};

const nodeGroup: ResourceType = {
  replaceOn: [
    "amiType",
    "capacityType",
    "clusterName",
    "diskSize",
    "instanceTypes",
    "nodeGroupName",
    "nodeRoleArn",
    "remoteAccess",
    "subnetIds",
    "region",
  ],
  autoname: "nodeGroupName",
  problems: (inputs) => [
    ...arnOfRole("nodeRoleArn", inputs.nodeRoleArn),
    ...choiceProblem("capacityType", inputs.capacityType, ["ON_DEMAND", "SPOT"]),
  ],
  create(cloud, inputs) {
    assertCluster(cloud, inputs.clusterName);
    const id = `${inputs.clusterName}:${inputs.nodeGroupName}`;
    const resources = [
      { autoscalingGroups: [{ name: `eks-${inputs.nodeGroupName}` }], remoteAccessSecurityGroupId: "" },
    ];
    return {
      id,
      outputs: {
        arn: cloud.arn("eks", `nodegroup/${id.replace(":", "/")}/${idOf(id)}`),
        resources,
        status: "ACTIVE",
        tagsAll: inputs.tags ?? {},
      },
    };
  },
};

const addon: ResourceType = {
  replaceOn: ["addonName", "clusterName", "region"],
  create(cloud, inputs) {
    assertCluster(cloud, inputs.clusterName);
    const id = `${inputs.clusterName}:${inputs.addonName}`;
    return {
      id,
      outputs: {
        arn: cloud.arn("eks", `addon/${id.replace(":", "/")}/${idOf(id)}`),
        addonVersion: inputs.addonVersion ?? "v1.0.0-eksbuild.1",
        createdAt: "2026-01-01T00:00:00Z",
        modifiedAt: "2026-01-01T00:00:00Z",
        tagsAll: inputs.tags ?? {},
      },
    };
  },
};

const podIdentityAssociation: ResourceType = {
  replaceOn: ["clusterName", "namespace", "serviceAccount", "region"],
  problems: (inputs) => arnOfRole("roleArn", inputs.roleArn),
  create(cloud, inputs) {
    assertCluster(cloud, inputs.clusterName);
    const same = [...cloud.resources.values()].some(
      (other) =>
        other.type === "aws:eks/podIdentityAssociation:PodIdentityAssociation" &&
        ["clusterName", "namespace", "serviceAccount"].every((key) => other.inputs[key] === inputs[key]),
    );
    if (same) throw new Error("ResourceInUseException: Association already exists");
    const associationId = `a-${idOf(inputs)}`;
    return {
      id: associationId,
      outputs: {
        associationId,
        associationArn: cloud.arn("eks", `podidentityassociation/${inputs.clusterName}/${associationId}`),
        externalId: "",
        disableSessionTags: inputs.disableSessionTags ?? false,
        tagsAll: inputs.tags ?? {},
      },
    };
  },
};

const accessEntry: ResourceType = {
  replaceOn: ["clusterName", "principalArn", "type", "region"],
  create(cloud, inputs) {
    assertCluster(cloud, inputs.clusterName);
    return {
      id: `${inputs.clusterName}:${inputs.principalArn}`,
      outputs: {
        accessEntryArn: cloud.arn("eks", `access-entry/${inputs.clusterName}/${idOf(inputs)}`),
        createdAt: "2026-01-01T00:00:00Z",
        modifiedAt: "2026-01-01T00:00:00Z",
        tagsAll: inputs.tags ?? {},
      },
    };
  },
};

const accessPolicyAssociation: ResourceType = {
  replaceOn: ["accessScope", "clusterName", "policyArn", "principalArn", "region"],
  create(cloud, inputs) {
    assertCluster(cloud, inputs.clusterName);
    return {
      id: `${inputs.clusterName}#${inputs.principalArn}#${inputs.policyArn}`,
      outputs: { associatedAt: "2026-01-01T00:00:00Z", modifiedAt: "2026-01-01T00:00:00Z" },
    };
  },
};

function assertCluster(cloud: Cloud, name: unknown): void {
  if (!cloud.clusters.has(name as string))
    throw new Error(`ResourceNotFoundException: No cluster found for name: ${name}.`);
}

/** Resource types of EKS by token. */
export const eks: Readonly<Record<string, ResourceType>> = {
  "aws:eks/cluster:Cluster": cluster,
  "aws:eks/nodeGroup:NodeGroup": nodeGroup,
  "aws:eks/addon:Addon": addon,
  "aws:eks/podIdentityAssociation:PodIdentityAssociation": podIdentityAssociation,
  "aws:eks/accessEntry:AccessEntry": accessEntry,
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": accessPolicyAssociation,
};
