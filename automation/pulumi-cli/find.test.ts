import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import test from "ava";
import { findPulumi } from "./find.ts";
import { parseVersion } from "./inspect.ts";

const parts = ["pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"];
const system = "/usr/bin:/bin";

/** A home folder with fake CLIs: by the folder that each lies in, the version that it prints. */
async function makeHome(versions: Readonly<Record<string, string>>, withParts = true) {
  const home = await mkdtemp(join(tmpdir(), "home-"));
  for (const [folder, version] of Object.entries(versions)) {
    await script(join(home, folder, "pulumi"), `echo ${version}`);
    for (const part of withParts ? parts : []) await script(join(home, folder, part), "exit 0");
  }
  return home;
}

async function script(file: string, body: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `#!/bin/sh\n${body}\n`);
  await chmod(file, 0o755);
}

const built = ".cache/ml-deployment-pipeline/pulumi-3.230.0/bin";
const installations = [
  ["PATH before all", { path: "v3.231.0", ".pulumi/bin": "v3.240.0" }, "path"],
  ["Pulumi's bin folder", { ".pulumi/bin": "v3.240.0", ".pulumi/versions/3.250.0/bin": "v3.250.0" }, ".pulumi/bin"],
  [
    "the newest of Pulumi's versions, when that on PATH is too old",
    { path: "v3.99.0", ".pulumi/versions/3.250.0/bin": "v3.250.0", ".pulumi/versions/3.99.0/bin": "v3.99.0" },
    ".pulumi/versions/3.250.0/bin",
  ],
  ["what was built earlier", { [built]: "v3.230.0" }, built],
] as const;

for (const [title, versions, expected] of installations) {
  test(`finds ${title}`, async (t) => {
    const home = await makeHome(versions as Record<string, string>);
    const env = { HOME: home, PATH: `${join(home, "path")}:${system}` };
    const cli = await findPulumi({ env, onProgress: () => t.fail() }, {});
    t.is(cli.file, join(home, expected, "pulumi"));
    t.is(`v${cli.version}`, (versions as Record<string, string>)[expected]!);
    await rm(home, { recursive: true });
  });
}

test("where none will do, the error says what was tried, why it failed, and what to install", async (t) => {
  const home = await makeHome({ path: "v3.99.0", ".pulumi/bin": "nonsense" });
  await script(join(home, built, "pulumi"), "echo broken >&2; exit 3");
  const env = { HOME: home, PATH: `${join(home, "path")}:${system}` };
  const fallbacks = {
    "a download": () => Promise.reject(new Error("ENOTFOUND")),
    "a build": () => Promise.reject(new Error("no go on PATH")),
  };
  const error = await t.throwsAsync(findPulumi({ env, onProgress: () => {} }, fallbacks));
  const lines = error!.message.replaceAll(home, "HOME").split("\n");
  t.deepEqual(lines, [
    "no Pulumi CLI to be had. Tried:",
    "  PATH: HOME/path/pulumi: too old: 3.99.0, and 3.230.0 or newer is needed",
    '  ~/.pulumi: HOME/.pulumi/bin/pulumi: expected a version from "pulumi version", got "nonsense"',
    `  built earlier: HOME/${built}/pulumi: broken`,
    "  a download: ENOTFOUND",
    "  a build: no go on PATH",
    "Install Pulumi 3.230.0 or newer (https://www.pulumi.com/docs/install) so that it is on PATH, or Go to have it built.",
  ]);
  await rm(home, { recursive: true });
});

test("a CLI without a Node.js language host is passed over", async (t) => {
  const home = await makeHome({ path: "v3.250.0" }, false);
  const env = { HOME: home, PATH: join(home, "path") };
  const found = { file: "/downloaded/pulumi", version: "3.250.0" };
  t.is(await findPulumi({ env, onProgress: () => {} }, { "a download": async () => found }), found);
  await rm(home, { recursive: true });
});

for (const [printed, version] of [
  ["v3.230.0\n", "3.230.0"],
  ["3.231.0-alpha.1", "3.231.0-alpha.1"],
] as const) {
  test(`pulumi version ${printed.trim()} is ${version}`, (t) => t.is(parseVersion(printed), version));
}
