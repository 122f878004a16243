import { join } from "node:path";
import { buildPulumi } from "./build.ts";
import { downloadPulumi } from "./download.ts";
import { findExecutable, pathFolders } from "./executable.ts";
import { builtFolder, pulumiFolders } from "./folders.ts";
import { inspectPulumi, type PulumiCli } from "./inspect.ts";
import type { Source, SourceOptions } from "./source.ts";
import { oldestVersion } from "./versions.ts";

/** The sources that {@link findPulumi} turns to, in this order, where no CLI is installed. */
const sources: Readonly<Record<string, Source>> = {
  "Pulumi's own download": downloadPulumi,
  "a build from Go modules": buildPulumi,
};

/**
 * A Pulumi CLI: from PATH, from the folders that Pulumi installs into, built here before, downloaded, or built from Go modules.
 *
 * @throws Error that lists what was tried, why each failed, and what to install.
 */
export async function findPulumi(options: SourceOptions, fallbacks = sources): Promise<PulumiCli> {
  const tried: string[] = [];
  for (const [place, file] of installed(options.env)) {
    if (file === undefined) {
      tried.push(`${place}: none`);
      continue;
    }
    try {
      return await inspectPulumi(file, options.env);
    } catch (error) {
      tried.push(`${place}: ${file}: ${(error as Error).message}`);
    }
  }
  for (const [place, source] of Object.entries(fallbacks)) {
    try {
      return await source(options);
    } catch (error) {
      options.signal?.throwIfAborted();
      tried.push(`${place}: ${(error as Error).message}`);
    }
  }
  throw new Error(
    [
      "no Pulumi CLI to be had. Tried:",
      ...tried.map((line) => `  ${line.replaceAll("\n", "\n    ")}`),
      `Install Pulumi ${oldestVersion} or newer (https://www.pulumi.com/docs/install) so that it is on PATH, or Go to have it built.`,
    ].join("\n"),
  );
}

function installed(env: SourceOptions["env"]): [place: string, file: string | undefined][] {
  const own = pulumiFolders(env).flatMap((folder) => findExecutable("pulumi", [folder]) ?? []);
  return [
    ["PATH", findExecutable("pulumi", pathFolders(env.PATH))],
    ...(own.length > 0 ? own : [undefined]).map((file): [string, string | undefined] => ["~/.pulumi", file]),
    ["built earlier", findExecutable("pulumi", [join(builtFolder(env), "bin")])],
  ];
}
