import { isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import { MlflowError } from "../error.ts";
import { exists } from "./files.ts";
import { experimentFolders, modelsFolder } from "./layout.ts";
import { readVersion, type StoredVersion } from "./registry.ts";
import { findRun } from "./runs.ts";

/**
 * The folder of a version's model. MLflow stores locations as absolute URIs; what lies inside the store is found by its
 * place in the layout first, so that it is still found after the whole store was moved or copied.
 *
 * @param copies The versions that were followed to this one, as `name/version`: each a copy of the next.
 * @throws MlflowError where it isn't there, lies where no file system reaches, or is a copy of itself.
 */
export async function modelFolderOf(
  root: string,
  version: StoredVersion,
  copies: readonly string[] = [],
): Promise<string> {
  const self = `${version.name}/${version.version}`;
  const followed = [...copies, self];
  if (copies.includes(self))
    throw new MlflowError(
      `expected a model folder behind the versions ${followed.join(", a copy of ")} in ${root}, got a circle: their meta.yaml were changed`,
    );
  const location = version.source.startsWith("models:/") ? version.source : version.storageLocation;
  const dir = await locate(root, location, followed);
  if (dir !== undefined && (await exists(join(dir, "MLmodel")))) return dir;
  throw new MlflowError(
    `version ${version.version} of model ${version.name}: expected its model folder at ${version.storageLocation || location}, but there is none below ${root}, nor there`,
  );
}

async function locate(root: string, location: string, copies: readonly string[]): Promise<string | undefined> {
  const [, scheme = "", rest = ""] = /^(?:([a-z][a-z0-9+.-]+):)?(.*)$/i.exec(location) ?? [];
  if (scheme === "models") return locateModel(root, rest.replace(/^\/+/, ""), copies);
  if (scheme === "runs") {
    const [runId = "", ...path] = rest.replace(/^\/+/, "").split("/");
    const runDir = await findRun(root, runId);
    return runDir === undefined ? undefined : join(runDir, "artifacts", ...path);
  }
  if (scheme !== "" && scheme !== "file")
    throw new MlflowError(
      `expected a model folder inside ${root} or at a file path, got ${location}: ask the server that keeps it`,
    );
  const path = location.startsWith("file://") ? fileURLToPath(location) : rest;
  return (await locateByPlace(root, path)) ?? (isAbsolute(path) ? path : undefined);
}

/** `m-…`, a logged model; or `name/version`, a version that was copied from another. */
async function locateModel(root: string, name: string, copies: readonly string[]): Promise<string | undefined> {
  const [model = "", number] = name.split("/");
  if (number !== undefined) {
    const version = await readVersion(root, model, number);
    return version === undefined ? undefined : modelFolderOf(root, version, copies);
  }
  if (!/^[\w-]+$/.test(model)) return undefined;
  for (const experiment of await experimentFolders(root)) {
    const dir = join(experiment, modelsFolder, model, "artifacts");
    if (await exists(dir)) return dir;
  }
  return undefined;
}

/** The model folder inside the store whose path ends as the one that was stored. */
async function locateByPlace(root: string, path: string): Promise<string | undefined> {
  const parts = path.split(/[/\\]/).filter((part) => part !== "" && part !== "." && part !== "..");
  for (let start = 0; start < parts.length; start++) {
    const dir = join(root, ...parts.slice(start));
    if (await exists(join(dir, "MLmodel"))) return dir;
  }
  return undefined;
}
