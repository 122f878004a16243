import {
  all,
  ComponentResource,
  type ComponentResourceOptions,
  getStack,
  type Input,
  type Output,
} from "@pulumi/pulumi";
import type { GoldenSample } from "../mlflow/model-folder.ts";
import { codeDigest } from "./local/code-digest.ts";
import { LocalServer, localRunFolder } from "./local/local-server.ts";
import { Verification } from "./verification/verification.ts";

/** What {@link InferenceService} is told. */
export interface InferenceServiceArgs {
  readonly modelName: Input<string>;
  readonly modelVersion: Input<string>;
  /** SHA-256 of the version's `model.onnx`, hex. */
  readonly sha256: Input<string>;
  /** Rows and the answers to them; undefined proves version and digest only. */
  readonly goldenSample: Input<GoldenSample | undefined>;
  /** MLflow server, or file store folder relative to the project. */
  readonly mlflowTrackingUri: Input<string>;
  /** Where it runs: `local` is a supervised server on this machine. */
  readonly target: "local";
  /** Address to listen on. */
  readonly host: string;
  readonly port: number;
}

/** A model version served over HTTP, and the proof that it is the one asked for. */
export class InferenceService extends ComponentResource {
  /** Base address of the service. */
  readonly endpoint: Output<string>;

  constructor(name: string, args: InferenceServiceArgs, options?: ComponentResourceOptions) {
    super("pipeline:serving:InferenceService", name, {}, options);
    const { modelName, modelVersion, sha256, goldenSample, mlflowTrackingUri, host, port } = args;
    const expectation = all([modelName, modelVersion, sha256, goldenSample]).apply(
      ([modelName, modelVersion, sha256, golden]) => ({ modelName, modelVersion, sha256, ...(golden && { golden }) }),
    );
    const server = new LocalServer(
      `${name}-server`,
      {
        model: expectation,
        mlflowTrackingUri,
        host,
        port,
        runFolder: localRunFolder(getStack()),
        project: process.cwd(),
        code: codeDigest(process.cwd()),
      },
      { parent: this },
    );
    new Verification(
      `${name}-verification`,
      { endpoint: server.endpoint, expectation, deployedAt: server.deployedAt },
      { parent: this },
    );
    this.endpoint = server.endpoint;
    this.registerOutputs({ endpoint: this.endpoint });
  }
}
