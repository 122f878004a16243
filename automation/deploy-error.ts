/** A deployment that didn't succeed. The message says why, on one or a few lines. */
export class DeployError extends Error {
  /** Each reason on its own; where a rollout failed, the last one says how to go back. */
  readonly reasons: readonly string[];
  /** Whether it was the AbortSignal that ended it. */
  readonly cancelled: boolean;

  constructor(reasons: readonly string[], options: { readonly cancelled?: boolean; readonly cause?: unknown } = {}) {
    super(reasons.join("\n"), { cause: options.cause });
    this.name = "DeployError";
    this.reasons = reasons;
    this.cancelled = options.cancelled ?? false;
  }
}
