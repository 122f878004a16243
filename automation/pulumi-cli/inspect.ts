import { dirname } from "node:path";
import semver from "semver";
import { findExecutable, pathFolders } from "./executable.ts";
import { run } from "./run.ts";
import { oldestVersion } from "./versions.ts";

/** A Pulumi CLI that runs this project. */
export interface PulumiCli {
  /** The executable. */
  readonly file: string;
  readonly version: string;
}

const parts = {
  "pulumi-language-nodejs": "Node.js language host",
  "pulumi-resource-pulumi-nodejs": "launcher of dynamic providers",
};

/**
 * Asks a CLI for its version and looks for the parts that a Node.js program needs beside it.
 *
 * @throws Error that says in half a sentence why this CLI won't do.
 */
export async function inspectPulumi(
  file: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<PulumiCli> {
  const version = parseVersion(
    await run(file, ["version"], { env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" }, timeoutMs: 30_000 }),
  );
  if (semver.lt(version, oldestVersion))
    throw new Error(`too old: ${version}, and ${oldestVersion} or newer is needed`);
  for (const [part, meaning] of Object.entries(parts)) {
    if (findExecutable(part, [dirname(file), ...pathFolders(env.PATH)])) continue;
    throw new Error(`no ${meaning} (${part}) beside it or on PATH`);
  }
  return { file, version };
}

/**
 * The version that `pulumi version` prints, as `v3.230.0` or `3.230.0-dev.0`.
 *
 * @throws Error for any other text.
 */
export function parseVersion(printed: string): string {
  const version = semver.clean(printed);
  if (version === null)
    throw new Error(`expected a version from "pulumi version", got "${printed.trim().slice(0, 80)}"`);
  return version;
}
