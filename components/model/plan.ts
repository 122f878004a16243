import { RunError } from "@pulumi/pulumi";
import { resolveVersion } from "../../mlflow/resolve-version.ts";
import { type MlflowStore, type ModelVersion, versionTags } from "../../mlflow/store.ts";
import {
  type FingerprintParts,
  findTrained,
  fingerprintOf,
  fingerprintParts,
  planTraining,
} from "../../trainer/pipeline.ts";
import type { TrainingSpec } from "../../trainer/training-spec.ts";
import type { PipelineConfig } from "../config.ts";
import type { ClusterAccess } from "../kubernetes/access/cluster-access.ts";
import { withStackStore } from "../stack-store.ts";

/**
 * What the program knows of the wanted model before it registers any resource: so that `preview` can say what moved, and
 * {@link TrainedModel}'s `diff` compares arguments instead of finding out.
 */
export interface ModelPlan {
  readonly mlflowTrackingUri: string;
  /** The way into the cluster, where MLflow is a Service of it. */
  readonly access?: ClusterAccess;
  readonly modelName: string;
  /** What the config asks for: `latest`, a number or an `@alias`. */
  readonly wanted: string;
  /** The version that this is; absent where none is registered yet and one will be trained. */
  readonly resolved?: ResolvedVersion;
  /** What decides the training, part by part; absent for a model that was registered by other means. */
  readonly parts?: FingerprintParts;
  /** How to train; absent where nothing may be trained. */
  readonly training?: TrainingSpec;
  /** The stack's version stays, whatever the rest says. */
  readonly keep?: true;
  /** Why it is this version, or why a new one will be trained, in words; absent where that goes without saying. */
  readonly reason?: string;
}

/** What {@link planModel} is told. */
export interface ModelPlanArgs extends PipelineConfig {
  /** The way into the cluster, for an MLflow that only the cluster knows. */
  readonly access?: ClusterAccess | undefined;
}

/** A registered version, with the digests that its tags say: none for a model that was registered by other means. */
export interface ResolvedVersion {
  readonly version: string;
  /** SHA-256 of `model.onnx`, hex. */
  readonly sha256?: string;
  /** SHA-256 of the golden sample as JSON, hex. */
  readonly goldenSha256?: string;
}

/**
 * Resolves the wanted version against the registry, for `latest` by the fingerprint of the training as it would be now.
 * Trains nothing and registers nothing.
 *
 * @throws RunError where the wanted version doesn't exist, or data or registry can't be read.
 */
export async function planModel(args: ModelPlanArgs): Promise<ModelPlan> {
  try {
    return await withStackStore(args, (store) => plan(args, store));
  } catch (error) {
    throw new RunError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

async function plan(config: ModelPlanArgs, store: MlflowStore): Promise<ModelPlan> {
  const { mlflowTrackingUri, access, modelVersion: wanted, training } = config;
  const common = { mlflowTrackingUri, ...(access && { access }), modelName: training.model, wanted };
  if (wanted === "latest" && config.skips.train) {
    const [highest] = await store.listVersions(training.model);
    const reason = `${training.model}: training is skipped, so the version that the stack has stays`;
    return { ...common, ...(highest && { ...resolved(highest), ...trainedFrom(highest) }), keep: true, reason };
  }
  if (wanted !== "latest" || !config.trainerTrain) {
    const version = await resolveVersion(store, training.model, wanted);
    return { ...common, ...resolved(version), ...trainedFrom(version) };
  }
  const { fingerprint } = await planTraining(training);
  const made = { ...common, parts: fingerprint.parts, training };
  const found = await findTrained(store, training.model, fingerprint);
  const [highest] = await store.listVersions(training.model);
  if (found && found.version === highest?.version) return { ...made, ...resolved(found) };
  if (found) {
    const why = "was trained from these data and settings, so latest is that one";
    const reason = `${training.model}: version ${found.version} ${why}, though there is a version ${highest?.version}`;
    return { ...made, ...resolved(found), reason };
  }
  return {
    ...made,
    reason: `${training.model}: ${trainingReason(highest, fingerprint.parts)}, so a new version is trained`,
  };
}

function resolved({ version, tags }: ModelVersion): Required<Pick<ModelPlan, "resolved">> {
  const { [versionTags.sha256]: sha256, [versionTags.goldenSha256]: goldenSha256 } = tags;
  return { resolved: { version, ...(sha256 && { sha256 }), ...(goldenSha256 && { goldenSha256 }) } };
}

function trainedFrom(version: ModelVersion): Pick<ModelPlan, "parts"> {
  const fingerprint = fingerprintOf(version);
  return fingerprint ? { parts: fingerprint.parts } : {};
}

/** What sets a training apart from the highest version there is. */
function trainingReason(highest: ModelVersion | undefined, parts: FingerprintParts): string {
  if (highest === undefined) return "no version is registered";
  const { parts: before } = trainedFrom(highest);
  if (before === undefined) return `version ${highest.version} was registered by other means`;
  const changed = fingerprintParts.filter((part) => parts[part] !== before[part]);
  return `${changed.join(" and ")} changed since version ${highest.version}`;
}
