import { createHash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { MlflowError } from "../error.ts";
import { checkRunId } from "../names.ts";
import { tagsOfRun } from "../registration.ts";
import type { Registration, Run, RunDataset, RunStatus } from "../store.ts";
import { lastMetric, metricLine } from "./encoding.ts";
import { exists, readMeta, readTexts, writeFiles, writeMeta } from "./files.ts";
import { experimentFolders, fileUri, trash } from "./layout.ts";

/** The numbers by which MLflow stores a run's status (mlflow/entities/run_status.py). */
const statusNumbers: Readonly<Record<RunStatus, number>> = {
  RUNNING: 1,
  SCHEDULED: 2,
  FINISHED: 3,
  FAILED: 4,
  KILLED: 5,
};

/** Number of the source type LOCAL (mlflow/entities/source_type.py). */
const localSource = 4;

/**
 * Writes a run with its params, metrics, tags, dataset and logged model. Its meta.yaml comes last: without one,
 * MLflow passes over the folder.
 */
export async function createRun(
  experimentDir: string,
  runId: string,
  modelId: string,
  registration: Registration,
  now: number,
): Promise<string> {
  const { params, metrics, tags, runName, startedAt } = registration;
  const dir = join(experimentDir, runId);
  await mkdir(join(dir, "artifacts"), { recursive: true });
  await writeFiles(
    join(dir, "params"),
    Object.entries(params).map(([name, value]) => [name, String(value)]),
  );
  await writeFiles(
    join(dir, "metrics"),
    Object.entries(metrics).map(([name, value]) => [name, metricLine(value, now)]),
  );
  await writeFiles(join(dir, "tags"), Object.entries(tagsOfRun(registration)));
  await writeDataset(experimentDir, dir, registration.dataset);
  await writeOutput(dir, modelId);
  await writeMeta(dir, {
    artifact_uri: fileUri(join(dir, "artifacts")),
    deleted_time: null,
    end_time: null,
    entry_point_name: "",
    experiment_id: basename(experimentDir),
    lifecycle_stage: "active",
    run_id: runId,
    run_name: runName,
    source_name: "",
    source_type: localSource,
    source_version: "",
    start_time: startedAt,
    status: statusNumbers.RUNNING,
    tags: [],
    user_id: tags["mlflow.user"] ?? "",
  });
  return dir;
}

/** Ends a run. */
export async function endRun(runDir: string, status: RunStatus, now: number): Promise<void> {
  const meta = await readMeta(runDir);
  if (meta !== undefined) await writeMeta(runDir, { ...meta, status: statusNumbers[status], end_time: now });
}

/** Reads a run. @throws MlflowError where there is none. */
export async function readRun(root: string, runId: string): Promise<Run> {
  const dir = await findRun(root, runId);
  const meta = dir === undefined ? undefined : await readMeta(dir);
  if (dir === undefined || meta === undefined)
    throw new MlflowError(`expected a run ${runId}, but ${root} holds none`, { code: "RESOURCE_DOES_NOT_EXIST" });
  const metrics: Record<string, number> = {};
  for (const [name, text] of Object.entries(await readTexts(join(dir, "metrics")))) {
    const value = lastMetric(text);
    if (value !== undefined) metrics[name] = value;
  }
  const tags = await readTexts(join(dir, "tags"));
  const status = Object.entries(statusNumbers).find(([, number]) => number === meta.status)?.[0];
  return {
    runId,
    experimentId: String(meta.experiment_id),
    name: String(meta.run_name || tags["mlflow.runName"] || ""),
    status: (status ?? "RUNNING") as RunStatus,
    startedAt: Number(meta.start_time),
    ...(typeof meta.end_time === "number" ? { endedAt: meta.end_time } : {}),
    params: await readTexts(join(dir, "params")),
    metrics,
    tags,
  };
}

/** A run's folder, of a deleted experiment too. */
export async function findRun(root: string, runId: string): Promise<string | undefined> {
  checkRunId(runId);
  for (const parent of [root, join(root, trash)])
    for (const experiment of await experimentFolders(parent))
      if (await exists(join(experiment, runId, "artifacts"))) return join(experiment, runId);
  return undefined;
}

/** The dataset belongs to the experiment, by the MD5 of name and digest; the run points at it. */
async function writeDataset(experimentDir: string, runDir: string, dataset: RunDataset): Promise<void> {
  const { name, digest, source, sourceType, schema, profile } = dataset;
  const id = md5(name, digest);
  const datasetDir = join(experimentDir, "datasets", id);
  await mkdir(datasetDir, { recursive: true });
  if ((await readMeta(datasetDir)) === undefined)
    await writeMeta(datasetDir, { name, digest, source, source_type: sourceType, schema, profile });
  const inputDir = join(runDir, "inputs", md5(id, basename(runDir)));
  await mkdir(inputDir, { recursive: true });
  await writeMeta(inputDir, {
    source_type: "DATASET",
    source_id: id,
    destination_type: "RUN",
    // MLflow 3.17 writes the source here too.
    destination_id: id,
    tags: { "mlflow.data.context": "training" },
  });
}

async function writeOutput(runDir: string, modelId: string): Promise<void> {
  const dir = join(runDir, "outputs", modelId);
  await mkdir(dir, { recursive: true });
  await writeMeta(dir, {
    source_type: "RUN_OUTPUT",
    source_id: modelId,
    destination_type: "MODEL_OUTPUT",
    destination_id: modelId,
    step: 0,
    tags: {},
  });
}

function md5(...parts: string[]): string {
  const hash = createHash("md5");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}
