import { ComponentResource, runtime } from "@pulumi/pulumi";
import test from "ava";
import type { ClusterPlan } from "../aws/plan.ts";
import type { EksTarget } from "../target.ts";
import { Recorded } from "./fixtures/recorded.ts";
import { testExpectation, testImage, testSettings } from "./fixtures/settings.ts";

const clusterPlan: ClusterPlan = {
  settings: { kind: "adopt", name: "asgard-cluster" },
  region: "eu-north-1",
  found: { kubeconfig: '{"kind":"Config"}', issuer: "oidc.eks.example/id/A" },
};

/** What the provider of everything in the cluster is told. */
async function providerInputs(way: Pick<EksTarget, "kubeContext" | "clusterPlan">) {
  const recorded = await Recorded.start();
  const { awsProvider } = await import("../aws/provider.ts");
  const { serveOnCluster } = await import("./cluster-service.ts");
  const target = {
    ...way,
    provider: awsProvider({ region: "eu-north-1", accountId: undefined }),
    identity: { method: "none", roleName: "", artifactPrefix: undefined, namespace: "ml-inference" },
    workload: testSettings({ identity: "none" }),
    hasMonitoring: false,
  } as unknown as EksTarget;
  const parent = new ComponentResource("test:Parent", "parent");
  serveOnCluster("inference", { target, image: testImage, expectation: testExpectation }, parent);
  await runtime.disconnect();
  return recorded.resources.find(({ type }) => type === "pulumi:providers:kubernetes")!.inputs;
}

test.serial("a cluster is told from another by its name, never by how its kubeconfig reads", async (t) => {
  t.like(await providerInputs({ kubeContext: undefined, clusterPlan }), {
    kubeconfig: clusterPlan.found!.kubeconfig,
    clusterIdentifier: "eks/eu-north-1/asgard-cluster",
  });
});

test.serial("a context is this machine's word for a cluster, and identifies none", async (t) => {
  const inputs = await providerInputs({ kubeContext: "staging", clusterPlan });
  t.is(inputs.context, "staging");
  t.is(inputs.clusterIdentifier, undefined);
  t.is(inputs.kubeconfig, undefined);
});
