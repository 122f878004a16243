import { chmod, copyFile, mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findExecutable, pathFolders } from "./executable.ts";
import { builtFolder } from "./folders.ts";
import { inspectPulumi, type PulumiCli } from "./inspect.ts";
import { makeOnce } from "./once.ts";
import { run } from "./run.ts";
import type { SourceOptions } from "./source.ts";
import { builtVersion } from "./versions.ts";

const modules = fileURLToPath(new URL("go", import.meta.url));

/** The language host of the SDK's last Go module that had one takes its options from flags, which newer CLIs no longer pass. */
const hostLauncher = `#!/bin/sh
exec "$(dirname "$0")/pulumi-language-nodejs-host" -typescript=false "$@"
`;

/**
 * Builds the Pulumi CLI, its Node.js language host and its launcher of dynamic providers from Go modules, checked against the
 * go.sum files beside this one, into the user's cache folder. What was built before is taken as it is.
 */
export async function buildPulumi({ env, signal, onProgress }: SourceOptions): Promise<PulumiCli> {
  const folder = builtFolder(env);
  const onWait = (pid: number) => onProgress(`Waiting for process ${pid}, which builds the Pulumi CLI`);
  const fill = async (temporary: string) => {
    if (process.platform === "win32") throw new Error("the build is for Linux and macOS");
    const go = findExecutable("go", pathFolders(env.PATH));
    if (!go) throw new Error("no go on PATH (Go 1.25 or newer, from https://go.dev/dl)");
    const bin = join(temporary, "bin");
    await mkdir(bin);
    const build = (module: string, to: string, flags: string, from: string) => {
      const args = [
        "build",
        "-mod=readonly",
        "-trimpath",
        "-buildvcs=false",
        "-ldflags",
        flags,
        "-o",
        join(bin, to),
        from,
      ];
      return run(go, args, { cwd: join(modules, module), env: { ...env, GOFLAGS: "", GOWORK: "off" }, signal });
    };
    onProgress(`Building the Pulumi CLI ${builtVersion} from its Go modules, once (2 to 5 minutes)`);
    const version = `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${builtVersion}`;
    await build("cli", "pulumi", `-s -w ${version}`, "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi");
    onProgress("Building Pulumi's Node.js language host, once (about a minute)");
    const host = "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs";
    await build("host", "pulumi-language-nodejs-host", "-s -w", host);
    await writeFile(join(bin, "pulumi-language-nodejs"), hostLauncher, { mode: 0o755 });
    await copyLauncher(join(bin, "pulumi-resource-pulumi-nodejs"));
  };
  await makeOnce(folder, fill, { signal, onWait });
  return inspectPulumi(join(folder, "bin", "pulumi"), env);
}

async function copyLauncher(to: string): Promise<void> {
  const sdk = dirname(createRequire(import.meta.url).resolve("@pulumi/pulumi/package.json"));
  await copyFile(join(sdk, "pulumi-resource-pulumi-nodejs"), to);
  await chmod(to, 0o755);
}
