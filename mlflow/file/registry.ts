import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { MlflowError } from "../error.ts";
import { checkAlias, checkEntityName, checkVersionNumber } from "../names.ts";
import { isOccupied } from "../place-folder.ts";
import type { ModelVersion } from "../store.ts";
import { readMeta, readText, readTexts, replaceFile, writeFiles, writeMeta } from "./files.ts";
import { modelsFolder, registeredModelFolder, versionFolder, versionNumbers } from "./layout.ts";

/** Stage by which MLflow marks a deleted version (mlflow/entities/model_registry/model_version_stages.py). */
const deletedStage = "Deleted_Internal";

/** A version as stored, with where its files are. */
export interface StoredVersion extends ModelVersion {
  readonly storageLocation: string;
}

/** All versions of a model that aren't deleted, highest first; folders without a meta.yaml aren't versions yet. */
export async function readVersions(root: string, model: string): Promise<StoredVersion[]> {
  const numbers = await versionNumbers(registeredModelFolder(root, model));
  const versions = await Promise.all(numbers.reverse().map((number) => readVersion(root, model, String(number))));
  return versions.filter((version) => version !== undefined);
}

export async function readVersion(root: string, model: string, version: string): Promise<StoredVersion | undefined> {
  checkVersionNumber(version);
  const modelDir = registeredModelFolder(root, model);
  const dir = versionFolder(modelDir, version);
  const meta = await readMeta(dir);
  if (meta === undefined || meta.current_stage === deletedStage) return undefined;
  const aliases = Object.entries(await readTexts(join(modelDir, "aliases")));
  return {
    name: model,
    version,
    runId: String(meta.run_id ?? ""),
    source: String(meta.source ?? ""),
    storageLocation: String(meta.storage_location || meta.source || ""),
    status: String(meta.status ?? "READY"),
    createdAt: Number(meta.creation_timestamp),
    aliases: aliases.filter(([, number]) => number.trim() === version).map(([alias]) => alias),
    tags: await readTexts(join(dir, "tags")),
  };
}

export async function readAlias(root: string, model: string, alias: string): Promise<StoredVersion | undefined> {
  checkAlias(alias);
  const version = (await readText(join(registeredModelFolder(root, model), "aliases", alias)))?.trim();
  return version === undefined ? undefined : readVersion(root, model, version);
}

export async function writeAlias(root: string, model: string, alias: string, version: string): Promise<void> {
  checkAlias(alias);
  await requireVersion(root, model, version);
  const modelDir = registeredModelFolder(root, model);
  await replaceFile(join(modelDir, "aliases", alias), version, modelDir);
  await touch(modelDir, Date.now());
}

export async function writeVersionTag(
  root: string,
  model: string,
  version: string,
  key: string,
  value: string,
): Promise<void> {
  checkEntityName("version tag", key);
  await requireVersion(root, model, version);
  const modelDir = registeredModelFolder(root, model);
  const dir = versionFolder(modelDir, version);
  await replaceFile(join(dir, "tags", key), value, dir);
  await touch(modelDir, Date.now());
}

/**
 * Registers the next version of a model, which is made where there is none. Model and version are written into
 * `stagingDir`, and renamed into place: they appear whole, and of two processes that take the same number one takes the next.
 *
 * @param stagingDir A folder in the same file store that MLflow doesn't look into.
 */
export async function createVersion(
  root: string,
  model: string,
  version: { readonly modelId: string; readonly runId: string; readonly storageLocation: string },
  tags: Readonly<Record<string, string>>,
  stagingDir: string,
): Promise<string> {
  const modelDir = registeredModelFolder(root, model);
  const now = Date.now();
  await ensureRegisteredModel(modelDir, model, now, join(stagingDir, ".registered-model"));
  const staged = join(stagingDir, ".version");
  await writeFiles(join(staged, "tags"), Object.entries(tags));
  await touch(modelDir, now);
  for (;;) {
    const number = ((await versionNumbers(modelDir)).at(-1) ?? 0) + 1;
    await writeMeta(staged, {
      creation_timestamp: now,
      current_stage: "None",
      deployment_job_state: null,
      description: null,
      last_updated_timestamp: now,
      model_id: version.modelId,
      name: model,
      run_id: version.runId,
      run_link: null,
      source: `models:/${version.modelId}`,
      status: "READY",
      status_message: null,
      storage_location: version.storageLocation,
      user_id: null,
      version: number,
      workspace: "default",
    });
    try {
      await rename(staged, versionFolder(modelDir, number));
      return String(number);
    } catch (error) {
      // Taken by another process meanwhile: its folder is there now.
      if (!isOccupied(error) || !(await versionNumbers(modelDir)).includes(number)) throw error;
    }
  }
}

async function ensureRegisteredModel(modelDir: string, name: string, now: number, staged: string): Promise<void> {
  if ((await readMeta(modelDir)) !== undefined) return;
  const meta = {
    aliases: {},
    creation_timestamp: now,
    deployment_job_id: null,
    deployment_job_state: null,
    description: null,
    last_updated_timestamp: now,
    name,
    workspace: "default",
  };
  await mkdir(staged, { recursive: true });
  await writeMeta(staged, meta);
  await mkdir(join(modelDir, ".."), { recursive: true });
  try {
    await rename(staged, modelDir);
  } catch (error) {
    if (!isOccupied(error)) throw error;
    // Another process was first; or one that makes it in steps, as MLflow does, died in between.
    if ((await readMeta(modelDir)) === undefined) await writeMeta(modelDir, meta);
  }
}

async function requireVersion(root: string, model: string, version: string): Promise<void> {
  if ((await readVersion(root, model, version)) === undefined)
    throw new MlflowError(
      `expected version ${version} of model ${model}, but ${join(root, modelsFolder)} holds none such`,
      {
        code: "RESOURCE_DOES_NOT_EXIST",
      },
    );
}

async function touch(modelDir: string, now: number): Promise<void> {
  const meta = await readMeta(modelDir);
  if (meta !== undefined) await writeMeta(modelDir, { ...meta, last_updated_timestamp: now });
}
