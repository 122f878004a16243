import { RunError } from "@pulumi/pulumi";
import { resolveVersion } from "../../mlflow/resolve-version.ts";
import { type MlflowStore, type ModelVersion, versionTags } from "../../mlflow/store.ts";
import { type FingerprintParts, findTrained, fingerprintOf, planTraining } from "../../trainer/pipeline.ts";
import type { TrainingSpec } from "../../trainer/training-spec.ts";
import type { PipelineConfig } from "../config.ts";
import { openStackStore } from "../stack-store.ts";

/**
 * What the program knows of the wanted model before it registers any resource: so that `preview` can say what moved, and
 * {@link TrainedModel}'s `diff` compares arguments instead of finding out.
 */
export interface ModelPlan {
  readonly mlflowTrackingUri: string;
  readonly modelName: string;
  /** What the config asks for: `latest`, a number or an `@alias`. */
  readonly wanted: string;
  /** The version that this is; absent where none is registered yet and one will be trained. */
  readonly resolvedVersion?: string;
  /** SHA-256 of the version's `model.onnx` and of its golden sample, hex, as its tags say; absent without such tags. */
  readonly registeredSha256?: string;
  readonly registeredGoldenSha256?: string;
  /** What decides the training, part by part; absent for a model that was registered by other means. */
  readonly parts?: FingerprintParts;
  /** How to train; absent where nothing may be trained. */
  readonly training?: TrainingSpec;
  /** The stack's version stays, whatever the rest says. */
  readonly keep?: true;
}

/**
 * Resolves the wanted version against the registry, for `latest` by the fingerprint of the training as it would be now.
 * Trains nothing and registers nothing.
 *
 * @throws RunError where the wanted version doesn't exist, or data or registry can't be read.
 */
export async function planModel(config: PipelineConfig): Promise<ModelPlan> {
  try {
    return await plan(config, openStackStore(config.mlflowTrackingUri));
  } catch (error) {
    throw new RunError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

async function plan(config: PipelineConfig, store: MlflowStore): Promise<ModelPlan> {
  const { mlflowTrackingUri, modelVersion: wanted, training } = config;
  const common = { mlflowTrackingUri, modelName: training.model, wanted };
  if (wanted !== "latest" || !config.trainerTrain) {
    const version = await resolveVersion(store, training.model, wanted);
    return { ...common, ...resolved(version), ...trainedFrom(version) };
  }
  if (config.skipTrain) {
    const [highest] = await store.listVersions(training.model);
    return { ...common, ...(highest && { ...resolved(highest), ...trainedFrom(highest) }), keep: true };
  }
  const { fingerprint } = await planTraining(training);
  const found = await findTrained(store, training.model, fingerprint);
  return { ...common, ...(found && resolved(found)), parts: fingerprint.parts, training };
}

function resolved({ version, tags }: ModelVersion) {
  const { [versionTags.sha256]: sha256, [versionTags.goldenSha256]: goldenSha256 } = tags;
  return {
    resolvedVersion: version,
    ...(sha256 !== undefined && { registeredSha256: sha256 }),
    ...(goldenSha256 !== undefined && { registeredGoldenSha256: goldenSha256 }),
  };
}

function trainedFrom(version: ModelVersion): Pick<ModelPlan, "parts"> {
  const fingerprint = fingerprintOf(version);
  return fingerprint ? { parts: fingerprint.parts } : {};
}
