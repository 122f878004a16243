import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { localStateWarning } from "./local-state.ts";

async function warning(t: ExecutionContext, config: string, folder?: string): Promise<string | undefined> {
  const project = await mkdtemp(join(tmpdir(), "local-state-"));
  t.teardown(() => rm(project, { recursive: true }));
  await writeFile(join(project, "Pulumi.prod.yaml"), config);
  const backend = { url: "", ...(folder !== undefined && { folder }) };
  return localStateWarning({ project, projectName: "p", cli: { file: "", version: "" }, backend, env: {} }, "prod");
}

test("a stack on a cluster whose state is this machine's is warned about, with what to do", async (t) => {
  t.regex((await warning(t, "config:\n  p:target: eks\n", "/state"))!, /stack prod .* in \/state.*PULUMI_BACKEND_URL/);
});

test("a shared backend, or a stack that serves on this machine, is not", async (t) => {
  t.is(await warning(t, "config:\n  p:target: eks\n"), undefined);
  t.is(await warning(t, "config:\n  p:target: local\n", "/state"), undefined);
  t.is(await warning(t, "", "/state"), undefined);
});
