import { spawn } from "node:child_process";
import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import test from "ava";
import { prepareWorkspace } from "../../automation/workspace.ts";
import { changed, keys } from "../../policy/fixtures/changed.ts";
import { deployment } from "../../policy/fixtures/good.ts";
import { userEnvironment } from "../automation/toy-project.ts";
import { CallLog } from "../stand-ins/calls.ts";
import type { Provider } from "../stand-ins/rpc/provider.ts";
import { serve } from "../stand-ins/rpc/serve.ts";
import { ended } from "./test-project.ts";

const root = join(import.meta.dirname, "..", "..");

test("pulumi preview --policy-pack policy refuses what the rules refuse, and lets the rest pass", async (t) => {
  const stack = await judgedStack(t.teardown);
  await stack.write(deployment.properties);
  const good = await stack.preview();
  t.is(good.status, 0, good.output);
  t.regex(good.output, /ml-deployment-pipeline@v\S+ \(local: /);

  const image = "spec.template.spec.containers[0].image";
  await stack.write(changed(deployment, keys(image), "ml-inference:latest").properties);
  const bad = await stack.preview();
  t.not(bad.status, 0);
  t.regex(bad.output, /\[mandatory\] {2}image-by-digest {2}\(kubernetes:apps\/v1:Deployment: it\)/);
  t.true(bad.output.includes(`${image}: expected an image by digest (name@sha256:…), got "ml-inference:latest"`));
});

/** A project with one Deployment, in a folder of its own. */
async function judgedStack(teardown: (clean: () => unknown) => void) {
  const folder = await mkdtemp(join(tmpdir(), "judged-"));
  teardown(() => rm(folder, { recursive: true, force: true }));
  const write = (name: string, text: string) => writeFile(join(folder, name), text);
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  await write("package.json", JSON.stringify({ type: "module" }));
  await write("Pulumi.yaml", "name: judged\nmain: index.ts\nruntime: {name: nodejs, options: {typescript: false}}\n");
  await write(
    "index.ts",
    [
      'import { CustomResource } from "@pulumi/pulumi";',
      'import properties from "./properties.json" with { type: "json" };',
      'new CustomResource("kubernetes:apps/v1:Deployment", "it", properties);',
    ].join("\n"),
  );
  await copyPack(folder);

  const kubernetes = await serve("kubernetes", previewed, new CallLog());
  teardown(() => kubernetes.stop());
  const options = { project: folder, stack: "dev", env: userEnvironment(), onProgress: () => {} };
  const { cli, env: settings } = await prepareWorkspace(options);
  const env = {
    ...settings,
    PATH: [join(folder, "bin"), settings.PATH].join(delimiter),
    PULUMI_DEBUG_PROVIDERS: `kubernetes:${kubernetes.port}`,
  };
  const pulumi = (...args: string[]) =>
    ended(spawn(cli.file, args, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] }));
  await pulumi("stack", "init", "dev");
  return {
    write: (properties: unknown) => write("properties.json", JSON.stringify(properties)),
    preview: () => pulumi("preview", "--stack", "dev", "--policy-pack", "policy"),
  };
}

/**
 * Copies the pack, for a runtime whose packs the engine starts by a launcher on PATH: the language host for Node.js that can be built
 * from Go modules starts none. The launcher runs what Pulumi's own host runs.
 */
async function copyPack(folder: string): Promise<void> {
  const pack = join(folder, "policy");
  await cp(join(root, "policy"), pack, { recursive: true });
  const manifest = await readFile(join(pack, "PulumiPolicy.yaml"), "utf8");
  await writeFile(join(pack, "PulumiPolicy.yaml"), manifest.replace("runtime: nodejs", "runtime: launched"));
  const runner = createRequire(import.meta.url).resolve("@pulumi/pulumi/cmd/run-policy-pack");
  const launcher = join(folder, "bin", "pulumi-analyzer-policy-launched");
  await mkdir(join(folder, "bin"));
  await writeFile(launcher, `#!/bin/sh\nexec "${process.execPath}" "${runner}" "$@"\n`);
  await chmod(launcher, 0o755);
}

const refused = () => Promise.reject(new Error("expected a preview of what is new, and no more"));
const previewed: Provider = {
  check: async ({ news }) => ({ inputs: news }),
  create: async ({ inputs }) => ({ id: "it", outputs: inputs }),
  diff: refused,
  read: refused,
  update: refused,
  delete: refused,
};
