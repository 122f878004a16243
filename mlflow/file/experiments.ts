import { createHash, randomUUID } from "node:crypto";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { MlflowError } from "../error.ts";
import { isOccupied } from "../place-folder.ts";
import type { YamlMapping } from "../yaml.ts";
import { exists, listFolders, readMeta, writeMeta } from "./files.ts";
import { experimentFolders, fileUri, trash } from "./layout.ts";

/**
 * Makes a file store's root as MLflow does, with its default experiment, where there is none.
 * It appears in one step, so that two processes may do so at once.
 */
export async function ensureRoot(root: string): Promise<void> {
  if (await exists(root)) return;
  const temporary = `${root}.${randomUUID().slice(0, 8)}.part`;
  try {
    await mkdir(join(temporary, trash), { recursive: true });
    await mkdir(join(temporary, "0"));
    await writeMeta(join(temporary, "0"), experimentMeta(root, "0", "Default"));
    await rename(temporary, root);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    if (!isOccupied(error)) throw error;
  }
}

/**
 * The folder of the experiment of that name, made where there is none.
 * A new one's id is taken from its name, so that processes which make it at once make the same.
 *
 * @throws MlflowError where an experiment of that name was deleted: MLflow holds its name until it is restored or purged.
 */
export async function ensureExperiment(root: string, name: string): Promise<string> {
  for (const dir of await experimentFolders(root)) if ((await readMeta(dir))?.name === name) return dir;
  for (const id of await listFolders(join(root, trash)))
    if ((await readMeta(join(root, trash, id)))?.name === name)
      throw new MlflowError(
        `experiment ${name} in ${root} is deleted: restore it with "mlflow experiments restore -x ${id}", or choose another name`,
      );
  for (let attempt = 0; ; attempt++) {
    const id = experimentId(name, attempt);
    const dir = join(root, id);
    const meta = await readMeta(dir);
    if (meta === undefined) {
      await mkdir(dir, { recursive: true });
      await writeMeta(dir, experimentMeta(root, id, name));
      return dir;
    }
    // Otherwise it was renamed since: its id is taken.
    if (meta.name === name) return dir;
  }
}

/** 18 digits, as MLflow's own ids. */
function experimentId(name: string, attempt: number): string {
  const hash = createHash("sha256").update(`${attempt} ${name}`).digest("hex");
  return String(10n ** 17n + (BigInt(`0x${hash}`) % (9n * 10n ** 17n)));
}

function experimentMeta(root: string, id: string, name: string): YamlMapping {
  const now = Date.now();
  return {
    artifact_location: fileUri(join(root, id)),
    creation_time: now,
    effective_trace_archival_retention: null,
    experiment_id: id,
    last_update_time: now,
    lifecycle_stage: "active",
    name,
    trace_location: null,
    workspace: "default",
  };
}
