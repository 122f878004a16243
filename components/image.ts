import * as aws from "@pulumi/aws";
import * as docker from "@pulumi/docker";
import {
  all,
  ComponentResource,
  type ComponentResourceOptions,
  type Input,
  type Output,
  output,
  RunError,
  runtime,
  secret,
} from "@pulumi/pulumi";
import { contentTag, dockerfile, modelFolder } from "./image/build-context.ts";
import { lifecyclePolicy } from "./image/lifecycle-policy.ts";
import type { BuildPlan, ImagePlan } from "./image/plan.ts";
import { findDigest } from "./image/registry.ts";

/** What {@link Image} is told. */
export interface ImageArgs {
  /** The wanted image, as {@link planImage} found it. */
  readonly plan: ImagePlan;
  /** The model, which an image of delivery `image` carries. */
  readonly model: ImageModelArgs;
  /** Whether the engine refuses to delete a repository of the stack's own. @default false */
  readonly protect?: boolean;
  /** Tags of a repository of the stack's own. @default {} */
  readonly tags?: Readonly<Record<string, string>>;
}

/** A model that goes into an image. */
export interface ImageModelArgs {
  readonly name: Input<string>;
  /** Number in the registry. */
  readonly version: Input<string>;
  /** SHA-256 of `model.onnx`, hex. */
  readonly sha256: Input<string>;
  /** Writes a version as a model bundle to a folder, relative to the project; not in a preview. */
  readonly writeBundle: (name: string, version: string, folder: string) => Promise<void>;
}

/**
 * The service's image in ECR, by digest: adopted where its tag is pushed, else built and pushed.
 *
 * | the tag | in the stack's state | what happens |
 * |---|---|---|
 * | is pushed | no build | the digest is taken from the registry |
 * | is pushed | a build, of this tag or another | the same, and the build is let go of without deleting anything |
 * | isn't pushed | whatever | it is built and pushed |
 *
 * A build that is recorded can't stay registered: @pulumi/docker digests the context anew in each run, file modes included, and
 * builds and pushes where that differs, `ignoreChanges` or not (provider/provider.go, Check and Diff). Reading it instead
 * (`get`, with the id that it has) makes the engine relinquish it.
 */
export class Image extends ComponentResource {
  /** As `…amazonaws.com/ml-inference@sha256:…`. */
  readonly reference: Output<string>;
  readonly tag: Output<string>;
  /** As `sha256:…`; known in a preview where the image is pushed already. */
  readonly digest: Output<string>;
  readonly repositoryUrl: Output<string>;

  constructor(name: string, args: ImageArgs, options?: ComponentResourceOptions) {
    super("pipeline:image:Image", name, {}, options);
    const { plan, model, protect = false, tags = {} } = args;
    const own = plan.repository.adopted === undefined;
    const repository = own ? this.#repository(name, plan, protect, tags) : undefined;
    this.repositoryUrl = repository ? repository.repositoryUrl : output(plan.repository.adopted ?? "");
    if (plan.action === "build") {
      const { context, settings } = plan;
      const { platform, modelDelivery } = settings;
      const carried = all([model.name, model.version, model.sha256]).apply(([name, version, sha256]) =>
        contentTag({ context, platform, modelDelivery, model: { name, version, sha256 } }),
      );
      this.tag = plan.tag === undefined ? carried : output(plan.tag);
      this.digest = this.#build(name, plan, model).repoDigest.apply((built) => built.slice(built.indexOf("@") + 1));
    } else {
      if (plan.built) docker.Image.get(`${name}-build`, plan.built, { parent: this });
      this.tag = output(plan.tag);
      this.digest = output(plan.digest);
    }
    this.reference = all([this.repositoryUrl, this.digest]).apply(([url, digest]) => `${url}@${digest}`);
    const { reference, tag, digest, repositoryUrl } = this;
    this.registerOutputs({ reference, tag, digest, repositoryUrl });
  }

  /** AES256 costs nothing; KMS charges for each request. What decides over an encryption later is a replacement. */
  #repository(name: string, { repository, settings }: ImagePlan, protect: boolean, tags: Record<string, string>) {
    const made = new aws.ecr.Repository(
      `${name}-repository`,
      {
        name: repository.name,
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [{ encryptionType: "AES256" }],
        forceDelete: false,
        tags,
      },
      { parent: this, protect },
    );
    new aws.ecr.LifecyclePolicy(
      `${name}-lifecycle`,
      { repository: made.name, policy: lifecyclePolicy(settings.keep) },
      { parent: this },
    );
    return made;
  }

  #build(name: string, plan: BuildPlan, model: ImageModelArgs): docker.Image {
    const { platform, modelDelivery } = plan.settings;
    // The name waits for the model, since a build that isn't known yet hides what is wrong with it, from the provider too.
    const imageName = all([this.repositoryUrl, this.tag, this.#bundle(plan, model)]).apply(async ([url, tag]) => {
      if (plan.tag === undefined) await this.#assertNotPushed(plan.repository.name, tag);
      return `${url}:${tag}`;
    });
    const token = aws.ecr.getAuthorizationTokenOutput({}, { parent: this });
    return new docker.Image(
      `${name}-build`,
      {
        imageName,
        build: { context: ".", dockerfile, platform, target: modelDelivery },
        registry: {
          server: this.repositoryUrl.apply((url) => url.split("/")[0] ?? ""),
          username: token.userName,
          password: secret(token.password),
        },
      },
      // Another tag is another image, so the recorded id is always the name of the image that was built. The one before stays
      // pushed, whatever the provider's delete does: a rollback takes it.
      { parent: this, replacementTrigger: all([imageName, plan.lost]), retainOnDelete: true },
    );
  }

  /** Resolves once the model that goes into the image lies in the context. */
  #bundle({ settings }: BuildPlan, { name, version, writeBundle }: ImageModelArgs): Output<unknown> {
    if (settings.modelDelivery === "registry") return output(undefined);
    return all([name, version]).apply(async ([name, version]) => {
      if (!runtime.isDryRun()) await writeBundle(name, version, modelFolder);
    });
  }

  async #assertNotPushed(repository: string, tag: string): Promise<void> {
    if (runtime.isDryRun() || !(await findDigest(repository, tag, { parent: this }))) return;
    throw new RunError(
      `the model came out as one whose image is pushed already, as ${tag}: run up again, which takes that image`,
    );
  }
}
