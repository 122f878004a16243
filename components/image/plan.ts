import { getStack, type InvokeOptions, RunError } from "@pulumi/pulumi";
import type { ModelPlan } from "../model/plan.ts";
import { trainedModelType } from "../model/trained-model.ts";
import { shellWord } from "../shell-word.ts";
import { type RecordedResource, readStackState, type StackState } from "../stack-state.ts";
import { contentTag, contextDigest, type ModelDelivery } from "./build-context.ts";
import { findDigest, findRepository } from "./registry.ts";

/** What a stack's config says of the image. */
export interface ImageSettings {
  /** Name of the ECR repository (`ecrRepository`). */
  readonly repository: string;
  /** Tag to deploy (`imageTag`): adopted where it is pushed, else built under that name. Empty takes one made from the content. */
  readonly tag: string;
  /** As `linux/amd64` (`imagePlatform`). */
  readonly platform: string;
  /** Newest tagged images that stay in a repository of the stack's own; 0 keeps all (`imageKeep`). See {@link lifecyclePolicy}. */
  readonly keep: number;
  readonly modelDelivery: ModelDelivery;
  /** For this run alone, the image is the one that the stack has, or on a new stack one that is pushed already. */
  readonly skipBuild: boolean;
}

/** The repository as the program found it. */
export interface RepositoryPlan {
  readonly name: string;
  /** URL of one that exists and isn't the stack's own: it is used as it is. Absent where the stack has it or makes it. */
  readonly adopted?: string;
}

interface CommonPlan {
  readonly repository: RepositoryPlan;
  readonly settings: ImageSettings;
  /** Name of the image that the stack's state has as built by it; absent where it has none. */
  readonly built?: string;
}

/** The tag is pushed: that very image is deployed, nothing is built. */
export interface AdoptPlan extends CommonPlan {
  readonly action: "adopt";
  readonly tag: string;
  /** As `sha256:…`. */
  readonly digest: string;
}

/** The tag isn't pushed, or not known before the model is trained: the image is built and pushed. */
export interface BuildPlan extends CommonPlan {
  readonly action: "build";
  /** Absent where it depends on a model that is yet to be trained. */
  readonly tag?: string;
  /** {@link contextDigest} */
  readonly context: string;
  /** Whether the stack has built this very image, which is no longer in the registry. */
  readonly lost: boolean;
}

/** The build is skipped: the image that the stack has stays. */
export interface KeepPlan extends CommonPlan {
  readonly action: "keep";
  readonly tag: string;
  readonly digest: string;
  readonly repositoryUrl: string;
}

/** What the program knows of the image before it registers any resource. */
export type ImagePlan = AdoptPlan | BuildPlan | KeepPlan;

/** What is known of the model. */
type PlannedModel = Pick<ModelPlan, "modelName" | "resolved" | "keep">;

/**
 * Finds out whether the wanted image is pushed already, from the registry, so that every machine decides alike.
 *
 * @param options With the provider that has account and region.
 * @param project The project's folder, which is the build's context.
 * @throws RunError where the config can't be met, or ECR can't be asked.
 */
export async function planImage(
  settings: ImageSettings,
  model: PlannedModel,
  options: InvokeOptions,
  project = process.cwd(),
): Promise<ImagePlan> {
  assertTag(settings.tag);
  const state = await readStackState();
  const recorded = state.find("docker:index/image:Image")?.outputs.imageName;
  const built = typeof recorded === "string" ? { built: recorded } : {};
  const kept = settings.skipBuild ? planKept(settings, state) : undefined;
  if (kept) return { ...kept, ...built };

  const found = await findRepository(settings.repository, options);
  const repository = planRepository(settings, found, state);
  const context = contextDigest(project);
  const resolved = carriedVersion(model, state);
  const tag = settings.tag || plannedTag(settings, model.modelName, resolved, context);
  const digest = found && tag ? await findDigest(settings.repository, tag, options) : undefined;
  if (tag && digest) {
    if (settings.modelDelivery === "image" && !resolved) throw carriesNone(tag, model.modelName);
    return { action: "adopt", settings, repository, tag, digest, ...built };
  }
  if (settings.skipBuild) throw nothingToKeep(settings, tag);
  const lost = typeof recorded === "string" && recorded.endsWith(`/${settings.repository}:${tag}`);
  return { action: "build", settings, repository, context, lost, ...(tag && { tag }), ...built };
}

function assertTag(tag: string): void {
  if (tag === "" || (/^\w[\w.-]{0,127}$/.test(tag) && tag !== "latest")) return;
  throw new RunError(
    `config imageTag: expected a tag that names one image for good, of letters, digits, dots, dashes and underscores, got ` +
      `"${tag}"; leave it out to have the tag made from the image's content`,
  );
}

/** A model that is kept is the one that the stack has, rather than the one that the registry has. */
function carriedVersion({ resolved, keep }: PlannedModel, state: StackState): ModelPlan["resolved"] {
  const { version, sha256 } = (keep && state.find(trainedModelType)?.outputs) || {};
  return typeof version === "string" ? { version, sha256: String(sha256) } : resolved;
}

function plannedTag(
  { platform, modelDelivery }: ImageSettings,
  name: string,
  resolved: ModelPlan["resolved"],
  context: string,
): string | undefined {
  if (modelDelivery === "registry") return contentTag({ context, platform, modelDelivery });
  if (resolved === undefined) return undefined;
  const { version, sha256 } = resolved;
  return contentTag({ context, platform, modelDelivery, model: { name, version, ...(sha256 && { sha256 }) } });
}

function carriesNone(tag: string, modelName: string): RunError {
  return new RunError(
    `config imageTag: ${tag} is pushed already, and with modelDelivery image it can't carry the version of ${modelName} that ` +
      "this run would train. Leave imageTag out, or select a registered version with config modelVersion",
  );
}

function planRepository(
  { repository: name }: ImageSettings,
  found: string | undefined,
  state: StackState,
): RepositoryPlan {
  const own = ownRepository(state)?.outputs.name;
  if (found === undefined || own === name) return { name };
  if (own === undefined) return { name, adopted: found };
  throw new RunError(
    `config ecrRepository: the stack made the repository ${own}, and ${name} exists too. To use ${name} and keep the images ` +
      `of ${own}, take that out of the state first: npm run pulumi -- state delete ${shellWord(ownRepository(state)!.urn)} --stack ${getStack()}`,
  );
}

function nothingToKeep({ repository }: ImageSettings, tag = "its tag, known after training,"): RunError {
  return new RunError(
    `the build is skipped, but the stack has no image yet, and ${tag} isn't pushed to ${repository}: run once without --skip-build`,
  );
}

/** @returns undefined where the stack has no image. */
function planKept(settings: ImageSettings, state: StackState): KeepPlan | undefined {
  const { reference, tag, repositoryUrl } = state.find("pipeline:image:Image")?.outputs ?? {};
  if (typeof reference !== "string" || typeof repositoryUrl !== "string") return undefined;
  const adopted = ownRepository(state) === undefined && { adopted: repositoryUrl };
  return {
    action: "keep",
    settings,
    repository: { name: settings.repository, ...adopted },
    tag: String(tag),
    digest: reference.slice(reference.indexOf("@") + 1),
    repositoryUrl,
  };
}

function ownRepository(state: StackState): RecordedResource | undefined {
  return state.find("aws:ecr/repository:Repository");
}
