import { ComponentResource, type ComponentResourceOptions, log, type Output } from "@pulumi/pulumi";
import type { GoldenSample } from "../mlflow/model-folder.ts";
import type { ModelPlan } from "./model/plan.ts";
import { TrainedModel } from "./model/trained-model.ts";

/** What {@link Trainer} is told. */
export interface TrainerArgs {
  /** The wanted model, as {@link planModel} found it. */
  readonly plan: ModelPlan;
}

/** Feast to MLflow: the model version that the stack serves, trained where it doesn't exist. */
export class Trainer extends ComponentResource {
  readonly modelName: Output<string>;
  /** Number in the registry. */
  readonly modelVersion: Output<string>;
  readonly runId: Output<string>;
  /** SHA-256 of `model.onnx`, hex. */
  readonly sha256: Output<string>;
  /** Rows and the answers to them; undefined for a model that was registered by other means. */
  readonly goldenSample: Output<GoldenSample | undefined>;
  /** Metrics of the run that logged the version. */
  readonly metrics: Output<Readonly<Record<string, number>>>;

  constructor(name: string, args: TrainerArgs, options?: ComponentResourceOptions) {
    super("pipeline:trainer:Trainer", name, {}, options);
    const { parts, reason, ...plan } = args.plan;
    // Of a training the program says more, and why, before it registers anything.
    if (reason && (plan.resolved || plan.keep)) log.info(reason, this);
    const model = new TrainedModel(`${name}-model`, { ...plan, ...parts }, { parent: this });
    this.modelName = model.modelName;
    this.modelVersion = model.version;
    this.runId = model.runId;
    this.sha256 = model.sha256;
    this.goldenSample = model.goldenSample;
    this.metrics = model.metrics;
    const { modelName, modelVersion, runId, sha256, metrics } = this;
    this.registerOutputs({ modelName, modelVersion, runId, sha256, metrics });
  }
}
