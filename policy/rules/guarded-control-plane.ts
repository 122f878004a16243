import type { Resource, Rule } from "../rule.ts";
import { get, is, isSet, isUnknown, listOf, problem } from "../values.ts";

const everywhere = ["0.0.0.0/0", "::/0"];

/** The control plane answers where someone decided that it does, and keeps a record. */
export const guardedControlPlane: Rule = {
  name: "guarded-control-plane",
  description:
    "EKS clusters log their control plane, answer in their own network, and in public only for stated CIDRs.",
  enforcement: "mandatory",
  check(resource) {
    const cluster = clusterOf(resource);
    if (cluster === undefined) return [];
    const { path, network } = cluster;
    const problems: string[] = [];
    const logs = get(resource.properties, "enabledClusterLogTypes");
    for (const kind of ["api", "audit", "authenticator"]) {
      if (isUnknown(logs) || listOf(logs).some((stated) => is(stated, kind))) continue;
      problems.push(problem("enabledClusterLogTypes", `"${kind}" among them`, logs));
    }
    const inside = get(network, "endpointPrivateAccess");
    if (!is(inside, true)) problems.push(problem(`${path}endpointPrivateAccess`, "true", inside));
    const cidrs = get(network, "publicAccessCidrs");
    if (isPublic(network) && !isUnknown(cidrs) && listOf(cidrs).length === 0) {
      problems.push(
        `${path}publicAccessCidrs: expected CIDRs, or endpointPublicAccess: false; without them it is open to all`,
      );
    }
    return problems;
  },
};

/** A control plane that answers everyone, by a decision that a reviewer may want to hear about. */
export const openControlPlane: Rule = {
  name: "open-control-plane",
  description: "The public endpoint of an EKS cluster isn't open to all addresses.",
  enforcement: "advisory",
  check(resource) {
    const cluster = clusterOf(resource);
    if (cluster === undefined || !isPublic(cluster.network)) return [];
    return listOf(get(cluster.network, "publicAccessCidrs"))
      .filter((cidr) => typeof cidr === "string" && everywhere.includes(cidr))
      .map((cidr) => problem(`${cluster.path}publicAccessCidrs`, "addresses by range", cidr));
  },
};

/** Where a cluster states its network: AWS's own resource below `vpcConfig`, the component of @pulumi/eks at the top. */
function clusterOf({ type, properties }: Resource): { path: string; network: unknown } | undefined {
  if (type === "eks:index:Cluster") return { path: "", network: properties };
  if (type !== "aws:eks/cluster:Cluster") return undefined;
  return { path: "vpcConfig.", network: get(properties, "vpcConfig") };
}

function isPublic(network: unknown): boolean {
  const stated = get(network, "endpointPublicAccess");
  return !isSet(stated) || stated === true;
}
