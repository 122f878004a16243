import type { DeployEvent } from "./deploy-event.ts";

/** What {@link deploy} is told. */
export interface DeployOptions {
  /** The stack. @default "dev" */
  readonly stack?: string | undefined;
  /** Says what would change, and changes nothing. @default false */
  readonly preview?: boolean | undefined;
  /** Takes the service down and empties the stack but for what is protected; registered models stay. @default false */
  readonly destroy?: boolean | undefined;
  /** Trains nothing: `latest` is the version that the stack has, or on a new stack the highest registered one. @default false */
  readonly skipTrain?: boolean | undefined;
  /** Builds no image: it is the one that the stack has, or on a new stack the one that is pushed already. @default false */
  readonly skipBuild?: boolean | undefined;
  /** Leaves the service as it is, or not created. @default false */
  readonly skipDeploy?: boolean | undefined;
  /** Doesn't ask the live service at the end. @default false */
  readonly skipTest?: boolean | undefined;
  /** Told what happens, as it happens. */
  readonly onEvent?: ((event: DeployEvent) => void) | undefined;
  /** Stops the deployment as soon as the running steps have stopped, in a state that the next one goes on from. */
  readonly signal?: AbortSignal | undefined;
  /** After `signal`: stops at once, without waiting for the running steps. */
  readonly terminate?: AbortSignal | undefined;
  /** Environment of the CLI, the program and its providers. @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Folder of the Pulumi project. @default the one that this module belongs to */
  readonly project?: string | undefined;
}

/** @throws TypeError when options contradict each other. */
export function assertCompatible(options: DeployOptions): void {
  const skips = (["skipTrain", "skipBuild", "skipDeploy", "skipTest"] as const).filter((name) => options[name]);
  if (options.destroy && skips.length > 0)
    throw new TypeError(`destroy takes everything down: it cannot be combined with ${skips.join(", ")}`);
  if (options.destroy && options.preview) throw new TypeError("Only one of destroy or preview");
}

/** A step that a run leaves out. */
export type SkippedStep = "train" | "build" | "deploy" | "test";

/** The steps that options leave out. */
export function skippedSteps({ skipTrain, skipBuild, skipDeploy, skipTest }: DeployOptions): SkippedStep[] {
  const steps = { train: skipTrain, build: skipBuild, deploy: skipDeploy, test: skipTest };
  return (Object.keys(steps) as SkippedStep[]).filter((step) => steps[step]);
}

/** URNs of what the engine leaves out, as patterns: resources in the state stay as they are, others aren't created. */
export function excludedUrns({ skipBuild, skipDeploy, skipTest }: DeployOptions): string[] {
  return [
    ...(skipBuild ? ["**pipeline:image:Image**"] : []),
    ...(skipDeploy ? ["**pipeline:serving:InferenceService**"] : []),
    ...(skipTest ? ["**:Verification**"] : []),
  ];
}

/** What tells the program which steps are skipped. */
export function skipVariables({ skipTrain, skipBuild, skipDeploy }: DeployOptions): Record<string, string> {
  return {
    ...(skipTrain && { PIPELINE_SKIP_TRAIN: "1" }),
    ...(skipBuild && { PIPELINE_SKIP_BUILD: "1" }),
    ...(skipDeploy && { PIPELINE_SKIP_DEPLOY: "1" }),
  };
}
