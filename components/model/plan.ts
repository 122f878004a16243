import { RunError } from "@pulumi/pulumi";
import { resolveVersion, type WantedVersion } from "../../mlflow/resolve-version.ts";
import type { MlflowStore } from "../../mlflow/store.ts";
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
  if (wanted !== "latest" || !config.trainerTrain)
    return { ...common, ...(await resolve(store, training.model, wanted)) };
  if (config.skipTrain) {
    const registered = await store.listVersions(training.model);
    return { ...common, keep: true, ...(registered.length > 0 && (await resolve(store, training.model, wanted))) };
  }
  const { fingerprint } = await planTraining(training);
  const found = await findTrained(store, training.model, fingerprint);
  return { ...common, ...(found && { resolvedVersion: found.version }), parts: fingerprint.parts, training };
}

async function resolve(store: MlflowStore, model: string, wanted: WantedVersion) {
  const version = await resolveVersion(store, model, wanted);
  const fingerprint = fingerprintOf(version);
  return { resolvedVersion: version.version, ...(fingerprint && { parts: fingerprint.parts }) };
}
