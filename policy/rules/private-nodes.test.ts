import test from "ava";
import { permits, refuses } from "../fixtures/changed.ts";
import { others, resource, unknown } from "../fixtures/good.ts";
import { privateNodes } from "./private-nodes.ts";

const instance = resource("aws:ec2/instance:Instance", { metadataOptions: { httpTokens: "required" } });

test("nodes that give their credentials without a session token are refused", (t) => {
  for (const node of [others.launchTemplate!, instance]) {
    refuses(t, privateNodes, node, "metadataOptions.httpTokens", "optional");
    refuses(t, privateNodes, node, "metadataOptions", undefined, "metadataOptions.httpTokens");
    permits(t, privateNodes, node, "metadataOptions", unknown);
  }
});

test("nodes with a public address are refused", (t) => {
  const path = "networkInterfaces[0].associatePublicIpAddress";
  for (const stated of [true, "true"]) refuses(t, privateNodes, others.launchTemplate!, path, stated);
  refuses(t, privateNodes, instance, "associatePublicIpAddress", true);
  permits(t, privateNodes, others.launchTemplate!, path, undefined);
});

test("a managed node group says by a launch template how its nodes answer", (t) => {
  const group = resource("aws:eks/nodeGroup:NodeGroup", { launchTemplate: { id: unknown } });
  refuses(t, privateNodes, group, "launchTemplate", undefined);
  const component = resource("eks:index:ManagedNodeGroup", { enableIMDSv2: true });
  refuses(t, privateNodes, component, "enableIMDSv2", false, "launchTemplate");
});

for (const type of ["eks:index:NodeGroup", "eks:index:NodeGroupV2", "eks:index:Cluster"]) {
  test(`${type}: nodes have no public address by a word of the program`, (t) => {
    const nodes = resource(type, { nodeAssociatePublicIpAddress: false });
    for (const stated of [undefined, true]) refuses(t, privateNodes, nodes, "nodeAssociatePublicIpAddress", stated);
  });
}

test("a cluster's default nodes are held to it, where it makes any", (t) => {
  const cluster = resource("eks:index:Cluster", { nodeGroupOptions: { nodeAssociatePublicIpAddress: false } });
  refuses(t, privateNodes, cluster, "nodeGroupOptions.nodeAssociatePublicIpAddress", true);
  permits(t, privateNodes, resource("eks:index:Cluster", {}), "skipDefaultNodeGroup", true);
  permits(t, privateNodes, resource("eks:index:Cluster", {}), "autoMode", { enabled: true });
});
