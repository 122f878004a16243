import { mkdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { modelFolderFiles } from "../model-folder/write.ts";
import type { Registration } from "../store.ts";
import { metricLine } from "./encoding.ts";
import { replaceFile, writeFiles, writeMeta } from "./files.ts";
import { fileUri, modelsFolder } from "./layout.ts";

/** Number of the status READY (mlflow/entities/logged_model_status.py). */
const ready = 2;

/** Where a logged model goes. */
export function loggedModelFolder(experimentDir: string, modelId: string): string {
  return join(experimentDir, modelsFolder, modelId);
}

/**
 * Writes a logged model with its model folder. Its meta.yaml comes last: without one, MLflow passes over the folder.
 * Where it fails, it leaves nothing.
 */
export async function createLoggedModel(
  dir: string,
  runId: string,
  registration: Registration,
  now: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const modelId = basename(dir);
  const { params, metrics, tags, artifact } = registration;
  const artifactUri = fileUri(join(dir, "artifacts"));
  const files = modelFolderFiles(artifact, { modelId, runId, artifactUri, createdAt: now });
  try {
    for (const file of files) {
      signal?.throwIfAborted();
      await writeFiles(join(dir, "artifacts"), [file]);
    }
    await writeFiles(
      join(dir, "params"),
      Object.entries(params).map(([name, value]) => [name, String(value)]),
    );
    await writeFiles(
      join(dir, "metrics"),
      Object.entries(metrics).map(([name, value]) => [name, metricLine(value, now, runId)]),
    );
    await writeFiles(
      join(dir, "tags"),
      Object.entries(tags).filter(([name]) => name.startsWith("mlflow.")),
    );
    await mkdir(dir, { recursive: true });
    await writeMeta(dir, {
      artifact_location: artifactUri,
      creation_timestamp: now,
      experiment_id: basename(join(dir, "..", "..")),
      last_updated_timestamp: now,
      lifecycle_stage: "active",
      model_id: modelId,
      model_type: artifact.modelType,
      name: "model",
      source_run_id: runId,
      status: ready,
      status_message: null,
    });
  } catch (error) {
    await rm(dir, { recursive: true, force: true });
    throw error;
  }
}

/**
 * Sets the tag by which MLflow's UI leads from a logged model to its version. The version is registered by then,
 * so a tag that can't be written is no reason to call that a failure.
 */
export async function linkToVersion(dir: string, model: string, version: string): Promise<void> {
  const tag = JSON.stringify([{ name: model, version: Number(version) }]);
  await replaceFile(join(dir, "tags", "mlflow.modelVersions"), tag, dir).catch(() => undefined);
}
