/** What stands between this machine and something in a cluster: which cluster, what was expected, what came and what to do about it. */
export class ClusterError extends Error {
  /** HTTP status, where the API server answered. */
  declare readonly status?: number;
  /** It may pass by itself, as when a pod is being replaced. */
  readonly passing: boolean;

  constructor(message: string, options: { status?: number | undefined; passing?: boolean; cause?: unknown } = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.name = "ClusterError";
    this.passing = options.passing ?? false;
    if (options.status !== undefined) this.status = options.status;
  }
}
