import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type GoldenSample,
  goldenSampleJson,
  type ModelFolder,
  readModelFolder,
  sha256Hex,
} from "../../mlflow/model-folder.ts";
import { type MlflowStore, type ModelVersion, versionTags } from "../../mlflow/store.ts";

/** A registered version with what a server of it must prove. */
export interface PinnedModel {
  readonly version: string;
  /** Empty where the version was registered without a run. */
  readonly runId: string;
  /** SHA-256 of `model.onnx`, hex. */
  readonly sha256: string;
  /** Rows and the answers to them; absent for a model that was registered by other means. */
  readonly goldenSample?: GoldenSample;
  /** SHA-256 of the golden sample as JSON, hex. */
  readonly goldenSha256?: string;
  /** Metrics of the run that logged it; none without one. */
  readonly metrics: Readonly<Record<string, number>>;
}

/**
 * Reads a version from the registry and pins its content.
 *
 * @throws Error when the artifact isn't the one that was registered: its bytes differ from the digests in the version's tags.
 */
export async function pinModel(store: MlflowStore, version: ModelVersion): Promise<PinnedModel> {
  const folder = await mkdtemp(join(tmpdir(), "pinned-model-"));
  try {
    await store.downloadModel(version, join(folder, "model"));
    const model = await readModel(version, join(folder, "model"));
    expectDigest(version, model.onnxFile, versionTags.sha256, model.sha256);
    const goldenSha256 = model.golden && sha256Hex(goldenSampleJson(model.golden));
    expectDigest(version, "golden_sample.json", versionTags.goldenSha256, goldenSha256);
    const metrics = version.runId === "" ? {} : (await store.getRun(version.runId)).metrics;
    return {
      version: version.version,
      runId: version.runId,
      sha256: model.sha256,
      ...(model.golden && { goldenSample: model.golden }),
      ...(goldenSha256 && { goldenSha256 }),
      metrics,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function readModel({ name, version }: ModelVersion, folder: string): Promise<ModelFolder> {
  try {
    return await readModelFolder(folder);
  } catch (cause) {
    const { message } = cause as Error;
    throw new Error(`${name} version ${version} can't be served: ${message.replace(`${folder}/`, "")}`, { cause });
  }
}

function expectDigest(
  { name, version, tags }: ModelVersion,
  file: string,
  tag: string,
  found: string | undefined,
): void {
  const registered = tags[tag];
  if (registered === undefined || registered === found) return;
  const is = found === undefined ? "is missing" : `has sha256 ${found}`;
  throw new Error(
    `${file} of ${name} version ${version} ${is}, but was registered with sha256 ${registered}: the artifact was ` +
      "changed since. Restore it, or select another version with: npm run pulumi -- config set modelVersion N --stack NAME",
  );
}
