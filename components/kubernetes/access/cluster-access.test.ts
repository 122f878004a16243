import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { loadKubeConfig } from "./cluster-access.ts";
import { kubeconfig } from "./fixtures/fake-api.ts";

/** Makes a file the kubeconfig of this process, for one test. */
async function useKubeconfig(t: ExecutionContext, text: string | undefined): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "kubeconfig-"));
  const before = process.env.KUBECONFIG;
  t.teardown(async () => {
    if (before === undefined) delete process.env.KUBECONFIG;
    else process.env.KUBECONFIG = before;
    await rm(dir, { recursive: true });
  });
  const file = join(dir, "config");
  if (text !== undefined) await writeFile(file, text);
  process.env.KUBECONFIG = file;
  return file;
}

const text = kubeconfig({ server: "https://api" });

for (const kubeContext of ["fake", ""])
  test.serial(`context "${kubeContext}" is found`, async (t) => {
    await useKubeconfig(t, text);
    t.is(loadKubeConfig({ kubeContext }).getCurrentCluster()?.server, "https://api");
  });

test("the text of a kubeconfig is one", (t) => {
  t.is(loadKubeConfig({ kubeconfig: text }).getCurrentContext(), "fake");
});

test.serial("no kubeconfig is an error that says where one was looked for, and how to make one", async (t) => {
  const file = await useKubeconfig(t, undefined);
  const message = `no kubeconfig: expected a file at ${file} (KUBECONFIG names others); aws eks update-kubeconfig --name CLUSTER makes one for EKS`;
  t.throws(() => loadKubeConfig({ kubeContext: "fake" }), { name: "ClusterError", message });
});

test.serial("a context that isn't there is an error that names those which are", async (t) => {
  await useKubeconfig(t, text);
  t.throws(() => loadKubeConfig({ kubeContext: "prod" }), { message: /no context "prod" in .*config: it has fake;/ });
});

for (const [what, broken, message] of [
  ["no YAML", "{", /expected a kubeconfig, got/],
  ["an empty text", "", /expected a kubeconfig, got/],
  ["one without a current context", "contexts: []", /has no current context/],
  ["one whose context has no cluster", text.replace('"cluster":"c"', '"cluster":"d"'), /context "fake" with a cluster/],
  ["one whose context has no user", text.replace('"user":"u"', '"user":"v"'), /context "fake" with a user/],
] as const)
  test(`${what} is an error`, (t) => {
    t.throws(() => loadKubeConfig({ kubeconfig: broken }), { name: "ClusterError", message });
  });
