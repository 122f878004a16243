import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import type { Expectation } from "../../mlflow/expectation.ts";
import { type ModelFolder, readModelFolder } from "../../mlflow/model-folder.ts";
import { resolveVersion } from "../../mlflow/resolve-version.ts";
import { type ModelVersion, type VersionReader, versionTags } from "../../mlflow/store.ts";
import { compileColumns } from "../features/feature-column.ts";
import { type BatcherOptions, createBatcher } from "./batcher.ts";
import { InFlight } from "./in-flight.ts";
import { ModelMismatch } from "./model-mismatch.ts";
import { openOnnxModel } from "./onnx-model.ts";
import { proveGolden } from "./prove.ts";
import type { ModelProof, ServedModel } from "./served-model.ts";

/** What {@link loadModel} is told. */
export interface LoadModelOptions {
  readonly store: VersionReader;
  readonly name: string;
  /** `latest`, a number or `@alias`. */
  readonly version: string;
  /** What the stack asks for; without it the version's own tag and golden sample count. */
  readonly expectation?: Expectation | undefined;
  /** Rows of one ONNX Runtime run at most. @default 512 */
  readonly runRows?: number;
  /** How long rows may wait for others to share their run. @default 0 */
  readonly waitMs?: number;
  /** How long a request may wait for its first run. @default 1000 */
  readonly queueMs?: number;
  /** ONNX Runtime's threads within one run. @default as many as the machine has cores, four at most */
  readonly threads?: number;
  /** Told of each run, the proof's included. */
  readonly onRun?: BatcherOptions["onRun"];
}

/** A run blocks the event loop: so many rows take some milliseconds, and more a run gain nothing. */
export const defaultRunRows = 512;

/** More gain little in a run of so many rows. */
export const defaultThreads = Math.min(availableParallelism(), 4);

/**
 * Loads a version and proves it: its bytes' SHA-256 is compared before ONNX Runtime sees them, then the golden
 * sample's rows must come back equal, asked as the endpoints ask.
 *
 * @throws MlflowError where the version isn't to be had.
 * @throws {@link ModelMismatch} where it isn't the expected one.
 * @throws UnsupportedModel where it can't be served.
 */
export async function loadModel(options: LoadModelOptions): Promise<ServedModel> {
  const {
    store,
    name,
    version: wanted,
    expectation,
    runRows = defaultRunRows,
    waitMs,
    queueMs,
    threads = defaultThreads,
    onRun,
  } = options;
  const version = await resolveVersion(store, name, wanted as "latest");
  checkVersion(version, expectation);
  const folder = await download(store, version);
  const digest = checkDigest(folder, version, expectation);
  const onnx = await openOnnxModel(folder, threads);
  const batcher = createBatcher(onnx.run, { runRows, waitMs, queueMs, onRun });
  const model = {
    name,
    version: version.version,
    runId: version.runId,
    modelType: folder.modelType,
    sha256: folder.sha256,
    schema: onnx.schema,
    columns: compileColumns(onnx.schema.columns),
    ...(folder.baseline && { baseline: folder.baseline }),
    ...(folder.featureService && { featureService: folder.featureService }),
    predict: batcher.predict,
    inFlight: new InFlight(),
    release: onnx.release,
  };
  const golden = await prove(model, folder, expectation);
  return {
    ...model,
    loadedAt: new Date(),
    proof: { digest, golden },
    get queuedRows() {
      return batcher.queuedRows;
    },
  };
}

function checkVersion({ name, version }: ModelVersion, expectation: Expectation | undefined): void {
  if (!expectation) return;
  const { modelName, modelVersion } = expectation;
  if (modelName !== name || modelVersion !== version)
    throw new ModelMismatch(
      "version",
      `expected version ${modelVersion} of ${modelName}, got version ${version} of ${name}`,
    );
}

async function download(store: VersionReader, version: ModelVersion): Promise<ModelFolder> {
  const parent = await mkdtemp(join(tmpdir(), "model-"));
  try {
    const folder = join(parent, "model");
    await store.downloadModel(version, folder);
    return await readModelFolder(folder);
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
}

function checkDigest(
  folder: ModelFolder,
  version: ModelVersion,
  expectation: Expectation | undefined,
): ModelProof["digest"] {
  const tag = version.tags[versionTags.sha256];
  const expected = expectation?.sha256 ?? tag;
  if (expected === undefined) return "none";
  const by = expectation ? "expectation" : "version tag";
  if (folder.sha256 !== expected)
    throw new ModelMismatch(
      "sha256",
      `${folder.onnxFile} of version ${version.version} of ${version.name} (${version.source}) isn't the registered file: ` +
        `expected sha256 ${expected} (${by}), got ${folder.sha256}`,
    );
  return by;
}

async function prove(
  model: Omit<ServedModel, "loadedAt" | "proof" | "queuedRows">,
  folder: ModelFolder,
  expectation: Expectation | undefined,
): Promise<ModelProof["golden"]> {
  const golden = expectation?.golden ?? folder.golden;
  if (!golden) return "none";
  try {
    const difference = await proveGolden(model, golden);
    if (difference)
      throw new ModelMismatch(
        "golden",
        `version ${model.version} of ${model.name} doesn't answer its golden sample: ${difference}`,
      );
    return expectation?.golden ? "expectation" : "model folder";
  } catch (error) {
    await model.release();
    throw error;
  }
}
