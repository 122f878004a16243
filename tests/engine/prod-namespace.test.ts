import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { fakeApi } from "../../components/kubernetes/access/fixtures/fake-api.ts";
import { ProdStack } from "./prod-stack.ts";

test("a first up stops before anything is made, where the cluster has somebody else's namespace of that name", async (t) => {
  const { access } = await fakeApi(t, { "/api/v1/namespaces/ml-inference": { metadata: { name: "ml-inference" } } });
  const stack = await ProdStack.make({ kubeContext: "fake" });
  t.teardown(() => stack.remove());
  stack.standIns.aws.addCluster("asgard-cluster");
  // The commands' environment is that of the tests.
  process.env.KUBECONFIG = join(stack.project.folder, "kubeconfig.json");
  await writeFile(process.env.KUBECONFIG, (access as { kubeconfig: string }).kubeconfig);
  t.regex(await stack.project.failingUp(), /config namespace: expected ml-inference to be new/);
  t.deepEqual(stack.standIns.calls.changes(), []);
});
