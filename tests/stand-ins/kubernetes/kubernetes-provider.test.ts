import test from "ava";
import { UNKNOWN } from "../rpc/values.ts";
import { readiness } from "./await/readiness.ts";
import { KubernetesProvider } from "./kubernetes-provider.ts";
import { MemoryApiServer } from "./memory/memory-api-server.ts";

const api = new MemoryApiServer();
const provider = new KubernetesProvider(() => api);
const one = { kubeconfig: "one", clusterIdentifier: "eks/eu-north-1/one" };

for (const [what, olds, news, replaces] of [
  ["an unknown kubeconfig is another cluster", { kubeconfig: "one" }, { kubeconfig: UNKNOWN }, ["kubeconfig"]],
  ["an unknown kubeconfig of an identified cluster isn't", one, { ...one, kubeconfig: UNKNOWN }, []],
  ["another identifier is", one, { ...one, clusterIdentifier: "eks/eu-north-1/two" }, ["clusterIdentifier"]],
  ["a cluster that gets an identifier stays the same", { kubeconfig: "one" }, one, []],
  ["one that loses it does, too", one, { context: "staging" }, []],
] as const)
  test(`${what}`, (t) => {
    t.deepEqual(provider.configReplaces(olds, news), replaces);
  });

test("an Ingress is ready once its controller has said where it is", async (t) => {
  const ingress = { apiVersion: "networking.k8s.io/v1", kind: "Ingress", metadata: { name: "way-in" }, spec: {} };
  const waiting = await readiness(api, ingress);
  t.false(waiting.ready);
  t.regex(waiting.messages.join(), /\.status\.loadBalancer field was not updated/);
  t.true((await readiness(api, await api.create(ingress, { manager: "test", dryRun: false }))).ready);
});
