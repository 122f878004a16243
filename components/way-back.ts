import { getStack } from "@pulumi/pulumi";
import type { ExpectedModel } from "../mlflow/expectation.ts";
import { type MlflowStore, versionTags } from "../mlflow/store.ts";
import { shellWord } from "./shell-word.ts";
import type { StackState } from "./stack-state.ts";

/** How to go back from a rollout that fails. */
export interface WayBack {
  /** Who serves until then, in words. */
  readonly meanwhile: string;
  /** The version that was proven last; absent where it is the one asked for, so that something else must have changed. */
  readonly to?: {
    readonly modelVersion: string;
    /** Shell commands that bring it back. */
    readonly command: string;
  };
}

/** By target. */
const verificationTypes = {
  local: "pulumi-nodejs:dynamic/pipeline:Verification",
  eks: "pipeline:serving:Verification",
};
const meanwhile = {
  local: "the old instance serves on until the new one has taken over",
  eks: "the old pods serve on until new ones are ready in their place",
};

/**
 * Finds out how to go back, before anything is changed: not to the version that the state has, which after a failed run is the
 * one that failed, but to the one that a verification recorded. One that fails records nothing.
 *
 * @param wanted What the run is about to serve; without a version where that is yet to be trained.
 * @returns undefined where nothing was proven yet, or the registry doesn't have it any more.
 */
export async function findWayBack(
  store: MlflowStore,
  target: keyof typeof verificationTypes,
  state: StackState,
  wanted: { readonly modelName: string; readonly version: string | undefined },
): Promise<WayBack | undefined> {
  const proven = state.find(verificationTypes[target])?.outputs.expectation as ExpectedModel | undefined;
  if (proven === undefined) return undefined;
  const { modelName, modelVersion, sha256 } = proven;
  const sameModel = modelName === wanted.modelName;
  if (sameModel && modelVersion === wanted.version) return { meanwhile: meanwhile[target] };
  const found = await store.getVersion(modelName, modelVersion);
  // A version that was registered by other means has no digest to compare with.
  if (found === undefined || (found.tags[versionTags.sha256] ?? sha256) !== sha256) return undefined;
  const command = commands({ ...(!sameModel && { modelName }), modelVersion });
  return { meanwhile: meanwhile[target], to: { modelVersion, command } };
}

/** As a sentence. */
export function describeWayBack({ meanwhile, to }: WayBack): string {
  if (to === undefined) return `${meanwhile}; to go back, undo what was changed and run up again`;
  return `${meanwhile}; to go back to version ${to.modelVersion}, the last one proven: ${to.command}`;
}

/** A number in the stack's config is served whatever else it says: it trains nothing, and no environment variable beats it. */
function commands(settings: Readonly<Record<string, string>>): string {
  const stack = getStack();
  const set = Object.entries(settings).map(
    ([key, value]) => `npm run pulumi -- config set ${key} ${shellWord(value)} --stack ${stack}`,
  );
  return [...set, `npm run pulumi -- up --stack ${stack}`].join(" && ");
}
