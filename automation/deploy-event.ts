import type { Progress } from "../components/run-channel.ts";

/** What was, or in a preview would be, done to one resource. */
export interface ResourceChange {
  readonly operation: "create" | "update" | "replace" | "delete";
  /** Name in the program, as `trainer-model`. */
  readonly name: string;
  /** Last part of its type, as `TrainedModel`. */
  readonly kind: string;
  readonly urn: string;
  /** In an update: the inputs that differ. */
  readonly changed: readonly string[];
}

/** What {@link deploy} tells while it works. */
export type DeployEvent =
  /** Something that takes a while is begun: a build of the CLI, the refresh, the update. */
  | { readonly type: "phase"; readonly message: string }
  /** A step inside a resource reports, the training above all. */
  | ({ readonly type: "progress" } & Progress)
  | { readonly type: "resource"; readonly status: "started" | "done" | "failed"; readonly change: ResourceChange }
  /** A warning, or what a provider printed. */
  | { readonly type: "message"; readonly severity: "info" | "warning"; readonly message: string };
