import { batch } from "@pulumi/kubernetes";
import { ComponentResource, type ComponentResourceOptions, type Input, type Output, output } from "@pulumi/pulumi";
import type { Expectation, ExpectedModel } from "../../mlflow/expectation.ts";
import { expectationJson, expectedModel } from "./expectation.ts";
import { imageByDigest } from "./image-reference.ts";
import { verificationApp } from "./names.ts";
import { timeoutsAfter, verificationDeadline } from "./timing.ts";
import { verificationJob } from "./verification-job.ts";
import type { Workload } from "./workload.ts";
import type { WorkloadSettings } from "./workload-settings.ts";

/** What {@link Verification} is told. */
export interface VerificationArgs {
  readonly settings: Pick<WorkloadSettings, "namespace" | "port" | "platform" | "rolloutSeconds" | "authTokensSecret">;
  /** Image by digest: the one that serves. */
  readonly image: Input<string>;
  /** What the stack asked for. */
  readonly expectation: Input<Expectation>;
  /** Whose pods are asked, once they are rolled out. */
  readonly workload: Pick<Workload, "deployed" | "pods" | "configMap">;
}

/** The proof that every ready pod is what was asked for: a Job, run again when image, model or configuration changes and after it failed. */
export class Verification extends ComponentResource {
  /** What was proven last: of the Job itself, so that a run which skips it, or in which it fails, leaves what is recorded. */
  readonly expectation: Output<ExpectedModel | undefined>;

  constructor(name: string, args: VerificationArgs, options?: ComponentResourceOptions) {
    super("pipeline:serving:Verification", name, {}, options);
    const { settings, image, expectation, workload } = args;
    const job = new batch.v1.Job(
      // The engine makes the Job's name of this one.
      verificationApp,
      verificationJob({
        ...settings,
        image: output(image).apply(imageByDigest),
        expectation: output(expectation).apply(expectationJson),
        configMap: workload.configMap,
      }),
      {
        parent: this,
        dependsOn: [workload.deployed, workload.pods],
        customTimeouts: timeoutsAfter(verificationDeadline(settings.rolloutSeconds)),
      },
    );
    this.expectation = job.spec.apply((spec) => spec && expectedModel(spec.template.metadata.annotations));
    this.registerOutputs({ expectation: this.expectation });
  }
}
