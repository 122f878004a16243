/** What an MLflow store answers instead of a result: who was asked, what was expected, what came and what to do about it. */
export class MlflowError extends Error {
  /** MLflow's own error code, such as `RESOURCE_DOES_NOT_EXIST`, where the server gave one. */
  declare readonly code?: string;
  /** HTTP status, where a server answered. */
  declare readonly status?: number;

  constructor(
    message: string,
    options: { code?: string | undefined; status?: number | undefined; cause?: unknown } = {},
  ) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.name = "MlflowError";
    if (options.code !== undefined) this.code = options.code;
    if (options.status !== undefined) this.status = options.status;
  }
}
