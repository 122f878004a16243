import test from "ava";
import type { GoldenSample } from "../../mlflow/model-folder.ts";
import { DeployedStack } from "./deployed-stack.ts";

// What load does to a deployed stack: how many pods there are, and what each takes of what it asks for.

const [cpuRequest, memoryRequest] = [500, 384];
const stack = await DeployedStack.make({ replicasMax: "3", scaleDownSeconds: "15" });
test.after.always(() => stack.remove());

test.before("a version is deployed", async () => {
  await stack.train();
  await stack.project.up();
});

test.serial(
  "pods ask for what load takes: CPU beyond the autoscaler's target, memory with room to spare",
  async (t) => {
    const { resources } = (await stack.get("deployment/ml-inference")).spec.template.spec.containers[0];
    t.deepEqual(resources.requests, { cpu: `${cpuRequest}m`, memory: `${memoryRequest}Mi` });
    const load = await stack.load({ clients: 16, path: "/batch_predict", body: manyRows(await stack.golden()) });
    let [cpu, memory] = [0, 0];
    await stack.until("a pod takes over 70 % of its CPU request, and the autoscaler adds one", 180, async () => {
      for (const pod of await usage()) {
        cpu = Math.max(cpu, pod.cpu);
        memory = Math.max(memory, pod.memory);
      }
      const { status } = await stack.get("deployment/ml-inference");
      return cpu > 0.7 * cpuRequest && status.readyReplicas === 3;
    });
    const { failures, requests } = await load.stop();
    t.deepEqual(failures, []);
    for (const pod of await usage()) memory = Math.max(memory, pod.memory);
    t.true(memory < 0.6 * memoryRequest, `${memory} MiB of ${memoryRequest}`);
    t.log(`${requests} requests; at most ${cpu} m of ${cpuRequest} m CPU, ${memory} MiB of ${memoryRequest} MiB a pod`);
  },
);

test.serial("once the load is over, the autoscaler takes the pod away again", async (t) => {
  await stack.until("there are two pods", 240, async () => (await stack.pods()).length === 2);
  t.is((await stack.get("hpa/ml-inference")).status.desiredReplicas, 2);
});

/** What each serving pod takes, as the metrics server last measured it: thousandths of a CPU, and MiB. */
async function usage(): Promise<{ cpu: number; memory: number }[]> {
  const path = `/apis/metrics.k8s.io/v1beta1/namespaces/${stack.namespace}/pods?labelSelector=app%3Dml-inference`;
  const { items } = JSON.parse(await stack.kubectl("get", "--raw", path)) as {
    items: { containers: { usage: { cpu: string; memory: string } }[] }[];
  };
  return items.flatMap(({ containers }) =>
    containers.map(({ usage: { cpu, memory } }) => ({
      cpu: Math.round(cpu.endsWith("n") ? Number.parseInt(cpu, 10) / 1e6 : Number.parseInt(cpu, 10)),
      memory: Math.round(Number.parseInt(memory, 10) / 1024),
    })),
  );
}

/** A body of a thousand rows, which takes a pod more work than the client that sends it. */
function manyRows({ columns, rows }: GoldenSample): object {
  const instances = Array.from({ length: 1000 }, (_, at) => {
    const row = rows[at % rows.length]!;
    return Object.fromEntries(columns.map((name, place) => [name, row[place]]));
  });
  return { instances, return_probabilities: true };
}
