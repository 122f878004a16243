import { reference } from "../rpc/monitor.ts";
import type { ConstructRequest } from "../rpc/provider.ts";
import { type Properties, plain, plainProperties } from "../rpc/values.ts";
import type { Component } from "./eks-provider.ts";

/** Inputs of @pulumi/eks' ManagedNodeGroup that aws' NodeGroup has by the same name. */
const passed = [
  "amiType",
  "capacityType",
  "clusterName",
  "diskSize",
  "instanceTypes",
  "labels",
  "nodeGroupName",
  "nodeRoleArn",
  "releaseVersion",
  "remoteAccess",
  "scalingConfig",
  "subnetIds",
  "tags",
  "taints",
  "version",
  "launchTemplate",
  "updateConfig",
];

/** A managed node group: aws' own, with the launch template that IMDSv2 needs. Source: pulumi-eks, nodejs/eks/nodes/nodegroup.ts */
export async function constructManagedNodeGroup(request: ConstructRequest, component: Component): Promise<Properties> {
  const { name, inputs, providers, protect } = request;
  const args = plainProperties(inputs);
  const { cluster, nodeRole } = args as { cluster?: Properties; nodeRole?: Properties };
  const register = (type: string, child: string, properties: Properties) =>
    component.monitor.register(type, child, properties, { parent: component.urn, provider: providers.aws, protect });
  const own = Object.fromEntries(passed.filter((key) => args[key] !== undefined).map((key) => [key, args[key]]));
  if (args.enableIMDSv2 === true && args.launchTemplate === undefined) {
    const template = await register("aws:ec2/launchTemplate:LaunchTemplate", `${name}-launchTemplate`, {
      metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 2, httpEndpoint: "enabled" },
    });
    own.launchTemplate = { id: template.id, version: String(plain(template.outputs.latestVersion)) };
  }
  const group = await register("aws:eks/nodeGroup:NodeGroup", name, {
    scalingConfig: { desiredSize: 2, minSize: 1, maxSize: 2 },
    ...(own.clusterName === undefined && { clusterName: (cluster?.cluster as Properties | undefined)?.id }),
    ...(own.nodeRoleArn === undefined && { nodeRoleArn: nodeRole?.arn }),
    ...(own.subnetIds === undefined && { subnetIds: cluster?.subnetIds }),
    ...own,
  });
  return { nodeGroup: reference(group) };
}
