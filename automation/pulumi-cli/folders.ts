import { readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import semver from "semver";
import { builtVersion } from "./versions.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Folder that a CLI built here is kept in: `pulumi-<version>/` of the user's cache, with the executables in its `bin/`. */
export function builtFolder(env: Environment): string {
  const cache = env.XDG_CACHE_HOME || join(home(env), ".cache");
  return join(cache, "ml-deployment-pipeline", `pulumi-${builtVersion}`);
}

/** Folders that Pulumi's installer and its Automation API put CLIs into, the newest version first. */
export function pulumiFolders(env: Environment): string[] {
  const roots = new Set(
    [env.PULUMI_HOME, join(home(env), ".pulumi")].filter((root) => root !== undefined && root !== ""),
  );
  return [...roots].flatMap((root) => [join(root!, "bin"), ...versions(join(root!, "versions"))]);
}

/** The user's home folder. */
export function home(env: Environment): string {
  return env.HOME || homedir();
}

function versions(folder: string): string[] {
  try {
    const names = readdirSync(folder).filter((name) => semver.valid(name));
    return names.sort(semver.rcompare).map((name) => join(folder, name, "bin"));
  } catch {
    return [];
  }
}
