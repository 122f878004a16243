import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { YamlValue } from "../yaml.ts";
import { exists, listFolders, readMeta, writeMeta } from "./files.ts";
import {
  experimentFolders,
  fileUri,
  loggedModelFolders,
  modelsFolder,
  runFolders,
  versionFolder,
  versionNumbers,
} from "./layout.ts";

/**
 * Writes anew the locations in a store that was moved: MLflow stores them as absolute URIs and has nothing else that works
 * from any folder, so Python would look for the models where they were. Where the old place still exists, the store
 * was copied or is seen through two paths: then nothing is touched.
 */
export async function relocate(root: string): Promise<void> {
  for (const experiment of await experimentFolders(root)) {
    const meta = await readMeta(experiment);
    const old = meta?.artifact_location;
    const place = fileUri(experiment);
    if (typeof old !== "string" || old === place || !(await wasMoved(old, experiment))) continue;
    const folders = [
      ...(await runFolders(experiment)),
      ...(await loggedModelFolders(experiment)),
      ...(await versions(root)),
    ];
    for (const dir of folders) await rewrite(dir, old, place);
    // Last: as long as it tells the old place, the rest is looked through again.
    await rewrite(experiment, old, place);
  }
}

async function wasMoved(location: string, experiment: string): Promise<boolean> {
  if (!location.startsWith("file://")) return false;
  const path = fileURLToPath(location);
  return basename(path) === basename(experiment) && !(await exists(path));
}

async function rewrite(dir: string, old: string, place: string): Promise<void> {
  const meta = await readMeta(dir);
  if (meta === undefined) return;
  const moved = Object.entries(meta).map(([key, value]) => [key, movedValue(value, old, place)] as const);
  if (moved.some(([key, value]) => value !== meta[key])) await writeMeta(dir, Object.fromEntries(moved));
}

function movedValue(value: YamlValue, old: string, place: string): YamlValue {
  if (typeof value !== "string") return value;
  return value === old || value.startsWith(`${old}/`) ? place + value.slice(old.length) : value;
}

async function versions(root: string): Promise<string[]> {
  const folders: string[] = [];
  for (const model of await listFolders(join(root, modelsFolder))) {
    const dir = join(root, modelsFolder, model);
    for (const number of await versionNumbers(dir)) folders.push(versionFolder(dir, number));
  }
  return folders;
}
