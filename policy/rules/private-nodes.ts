import type { Rule } from "../rule.ts";
import { get, is, isSet, listOf, problem } from "../values.ts";

/** Nodes that the Internet doesn't reach, and whose credentials a forged request doesn't (IMDSv2 asks for a session token). */
export const privateNodes: Rule = {
  name: "private-nodes",
  description: "Nodes have no public address and answer for their metadata by IMDSv2 alone.",
  enforcement: "mandatory",
  check: ({ type, properties }) => checks.get(type)?.(properties) ?? [],
};

const checks = new Map<string, (properties: unknown) => string[]>([
  ["aws:ec2/launchTemplate:LaunchTemplate", launchTemplateProblems],
  ["aws:ec2/instance:Instance", instanceProblems],
  ["aws:eks/nodeGroup:NodeGroup", nodeGroupProblems],
  ["eks:index:ManagedNodeGroup", nodeGroupProblems],
  ["eks:index:NodeGroup", (properties) => componentProblems(properties)],
  ["eks:index:NodeGroupV2", (properties) => componentProblems(properties)],
  ["eks:index:Cluster", defaultNodesProblems],
]);

function launchTemplateProblems(properties: unknown): string[] {
  const addresses = listOf(get(properties, "networkInterfaces")).flatMap((spec, index) =>
    addressProblems(spec, "associatePublicIpAddress", `networkInterfaces[${index}].`),
  );
  return [...metadataProblems(properties), ...addresses];
}

function instanceProblems(properties: unknown): string[] {
  return [...metadataProblems(properties), ...addressProblems(properties, "associatePublicIpAddress")];
}

function metadataProblems(properties: unknown): string[] {
  const tokens = get(properties, "metadataOptions", "httpTokens");
  return is(tokens, "required") ? [] : [problem("metadataOptions.httpTokens", '"required"', tokens)];
}

/** A field that the subnet decides where it is left out. */
function addressProblems(spec: unknown, field: string, path = ""): string[] {
  const stated = get(spec, field);
  return !isSet(stated) || is(stated, false, "false") ? [] : [problem(`${path}${field}`, "false", stated)];
}

/** EKS's managed nodes take what their launch template says; @pulumi/eks makes one of its own on demand. */
function nodeGroupProblems(properties: unknown): string[] {
  if (isSet(get(properties, "launchTemplate")) || is(get(properties, "enableIMDSv2"), true)) return [];
  return [problem("launchTemplate", "one that requires session tokens (IMDSv2), or enableIMDSv2", undefined)];
}

/** @pulumi/eks gives its nodes public addresses unless told otherwise. */
function componentProblems(properties: unknown, path = ""): string[] {
  const stated = get(properties, "nodeAssociatePublicIpAddress");
  return is(stated, false) ? [] : [problem(`${path}nodeAssociatePublicIpAddress`, "false", stated)];
}

function defaultNodesProblems(properties: unknown): string[] {
  if (is(get(properties, "skipDefaultNodeGroup"), true) || is(get(properties, "autoMode", "enabled"), true)) return [];
  const options = get(properties, "nodeGroupOptions");
  return isSet(options) ? componentProblems(options, "nodeGroupOptions.") : componentProblems(properties);
}
