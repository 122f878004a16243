import { type CustomResourceOptions, dynamic, type Input, type Output } from "@pulumi/pulumi";
import type { GoldenSample } from "../../mlflow/model-folder.ts";
import type { TrainingSpec } from "../../trainer/training-spec.ts";
import type { ClusterAccess } from "../kubernetes/access/cluster-access.ts";
import { moduleProvider } from "../module-provider.ts";
import type { PinnedModel } from "./pin.ts";
import type { ResolvedVersion } from "./plan.ts";

/** What {@link TrainedModel} is told: a plan, with the fingerprint's parts as properties of their own, so that a preview names the one that moved. */
export interface TrainedModelArgs {
  /** MLflow server, or file store folder relative to the project. */
  readonly mlflowTrackingUri: Input<string>;
  /** The way into the cluster, for an MLflow that only the cluster knows; another way there is no change of the model. */
  readonly access?: Input<ClusterAccess>;
  readonly modelName: Input<string>;
  /** `latest`, a number or an `@alias`: as asked for. */
  readonly wanted: Input<string>;
  /** The version that it is; absent where it has yet to be trained. */
  readonly resolved?: Input<ResolvedVersion>;
  /** Fingerprint of the features: names, definitions and rows. */
  readonly features?: Input<string>;
  /** Fingerprint of the labels: name, definition and rows. */
  readonly labels?: Input<string>;
  /** Fingerprint of the forest's settings. */
  readonly hyperparameters?: Input<string>;
  /** Fingerprint of the split by time. */
  readonly split?: Input<string>;
  /** Number of the training's format. */
  readonly format?: Input<string>;
  /** How to train; absent where nothing may be trained. */
  readonly training?: Input<TrainingSpec>;
  /** The version that the stack has stays, whatever the rest says. */
  readonly keep?: Input<boolean>;
}

/** {@link TrainedModelArgs} as the provider sees them. */
export interface TrainedModelInputs
  extends Omit<{ readonly [K in keyof TrainedModelArgs]: string }, "training" | "resolved" | "keep" | "access"> {
  readonly mlflowTrackingUri: string;
  readonly access?: ClusterAccess;
  readonly modelName: string;
  readonly wanted: string;
  readonly resolved?: ResolvedVersion;
  readonly training?: TrainingSpec;
  readonly keep?: boolean;
}

/** The inputs, and the version with what a server of it must prove. */
export interface TrainedModelOutputs extends TrainedModelInputs, PinnedModel {}

/** Type of {@link TrainedModel} in the stack's state. */
export const trainedModelType = "pulumi-nodejs:dynamic/pipeline:TrainedModel";

/**
 * A version of a model in MLflow: looked up, or trained and registered where none was made from these data and settings.
 *
 * | | |
 * |---|---|
 * | create, update | finds the version, or trains and registers it; then pins its SHA-256 and golden sample |
 * | diff | compares the version, its digests and the fingerprint's parts, never paths or code |
 * | read | gone, once the registry no longer has the version |
 * | delete | leaves the registered model as it is |
 */
export class TrainedModel extends dynamic.Resource {
  declare readonly modelName: Output<string>;
  /** Number in the registry. */
  declare readonly version: Output<string>;
  declare readonly runId: Output<string>;
  /** SHA-256 of `model.onnx`, hex. */
  declare readonly sha256: Output<string>;
  declare readonly goldenSample: Output<GoldenSample | undefined>;
  declare readonly metrics: Output<Readonly<Record<string, number>>>;

  constructor(name: string, args: TrainedModelArgs, options?: CustomResourceOptions) {
    const outputs = {
      version: undefined,
      runId: undefined,
      sha256: undefined,
      goldenSample: undefined,
      metrics: undefined,
    };
    super(provider, name, { ...args, ...outputs }, options, "pipeline", "TrainedModel");
  }
}

const provider = moduleProvider("components/model/trained-model-provider.ts");
