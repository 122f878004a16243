import { ApiException, CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import test from "ava";
import { DeployedStack } from "./deployed-stack.ts";

// What happens to the pods of a deployed stack: nodes that are drained, evictions, load.

const kubeConfig = new KubeConfig();
kubeConfig.loadFromDefault();
const core = kubeConfig.makeApiClient(CoreV1Api);
// The autoscaler adds none: the budget has as little to spare as it may.
const stack = await DeployedStack.make({ replicasMax: "2" });
test.after.always(() => stack.remove());

test.before("a version is deployed", async () => {
  await stack.train();
  await stack.project.up();
});

test.serial("draining one of two nodes fails no request", async (t) => {
  const { items } = await stack.get("pods", "--selector=app=ml-inference");
  const nodes = (items as { spec: { nodeName: string } }[]).map(({ spec }) => spec.nodeName).sort();
  const node = nodes.at(-1)!;
  t.is(new Set(nodes).size, 2, "the pods are spread over two nodes");
  const load = await stack.load();
  await load.more(1000);
  t.teardown(() => stack.kubectl("uncordon", node));
  await stack.kubectl("drain", node, "--ignore-daemonsets", "--delete-emptydir-data", "--timeout=180s");
  await stack.kubectl("rollout", "status", "deployment/ml-inference", "--timeout=120s");
  await load.more(1000);
  const { requests, failures } = await load.stop();
  t.deepEqual(failures, []);
  t.log(`${requests} requests`);
});

test.serial("evicting every pod never takes the last available one, and fails no request", async (t) => {
  const load = await stack.load();
  const evicted = await stack.pods();
  let fewest = Number.POSITIVE_INFINITY;
  let refused = 0;
  await stack.until("all pods are evicted", 240, async () => {
    fewest = Math.min(fewest, await readyEndpoints());
    const left = (await stack.pods()).filter((pod) => evicted.includes(pod));
    const answers = await Promise.all(left.map((pod) => evict(pod)));
    refused += answers.filter((answer) => answer === "refused").length;
    return left.length === 0;
  });
  const { requests, failures } = await load.stop();
  t.deepEqual(failures, []);
  t.true(fewest >= 1);
  t.true(refused > 0, "the disruption budget was asked");
  t.log(`${requests} requests, ${refused} evictions refused, ${fewest} pods ready at the fewest`);
});

/** How many pods the Service leads to. Not `availableReplicas`: an eviction counts a pod as soon as it is ready. */
async function readyEndpoints(): Promise<number> {
  const { items } = await stack.get("endpointslices", "--selector=kubernetes.io/service-name=ml-inference-service");
  const endpoints = (items as { endpoints: { conditions: { ready: boolean } }[] | null }[]).flatMap(
    ({ endpoints }) => endpoints ?? [],
  );
  return endpoints.filter(({ conditions }) => conditions.ready).length;
}

/** The Eviction API, as a drain asks it. @throws Error for any refusal but the disruption budget's. */
async function evict(name: string): Promise<"evicted" | "refused"> {
  const { namespace } = stack;
  try {
    await core.createNamespacedPodEviction({ name, namespace, body: { metadata: { name, namespace } } });
    return "evicted";
  } catch (error) {
    if (!(error instanceof ApiException)) throw error;
    if (error.code === 404) return "evicted";
    if (error.code === 429) return "refused";
    throw error;
  }
}
