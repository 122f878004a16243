import { all, ComponentResource, type ComponentResourceOptions, type Input, type Output } from "@pulumi/pulumi";
import type { GoldenSample } from "../mlflow/model-folder.ts";
import { serveLocally } from "./local/local-service.ts";
import type { Target } from "./target.ts";

/** What {@link InferenceService} is told. */
export interface InferenceServiceArgs {
  readonly modelName: Input<string>;
  readonly modelVersion: Input<string>;
  /** SHA-256 of the version's `model.onnx`, hex. */
  readonly sha256: Input<string>;
  /** Rows and the answers to them; undefined proves version and digest only. */
  readonly goldenSample: Input<GoldenSample | undefined>;
  /** MLflow server, or file store folder relative to the project, from where `up` runs. */
  readonly mlflowTrackingUri: Input<string>;
  /** Where it runs: a supervised server on this machine, or a workload on EKS. */
  readonly target: Target;
  /** Image by digest, for a workload. */
  readonly image: Input<string> | undefined;
}

/** A model version served over HTTP, and the proof that it is the one asked for. */
export class InferenceService extends ComponentResource {
  /** Base address of the service; undefined where this run leaves it out, and the stack has none. */
  readonly endpoint: Output<string | undefined>;

  constructor(name: string, args: InferenceServiceArgs, options?: ComponentResourceOptions) {
    super("pipeline:serving:InferenceService", name, {}, options);
    const { modelName, modelVersion, sha256, goldenSample, mlflowTrackingUri, target, image } = args;
    const expectation = all([modelName, modelVersion, sha256, goldenSample]).apply(
      ([modelName, modelVersion, sha256, golden]) => ({ modelName, modelVersion, sha256, ...(golden && { golden }) }),
    );
    this.endpoint =
      target.target === "local"
        ? serveLocally(name, { expectation, mlflowTrackingUri, serving: target }, this)
        : target.serve(name, { target, image: image!, expectation }, this);
    this.registerOutputs({ endpoint: this.endpoint });
  }
}
