import { STATUS_CODES } from "node:http";
import type { FeatureProblem } from "../features/feature-problem.ts";

/** Media type of a problem's body. */
export const problemType = "application/problem+json";

/** What may accompany an {@link HttpProblem}. */
export interface HttpProblemOptions {
  /** What is wrong, a value at a time. */
  readonly errors?: readonly FeatureProblem[] | undefined;
  /** Response headers, such as `Allow` or `Retry-After`. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/**
 * An answer other than success. Its message is for the client, so it never carries internals.
 * Source of the body's shape: RFC 9457, "Problem Details for HTTP APIs".
 */
export class HttpProblem extends Error {
  readonly status: number;
  readonly errors: readonly FeatureProblem[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, detail: string, options: HttpProblemOptions = {}) {
    super(detail, { cause: options.cause });
    this.name = "HttpProblem";
    this.status = status;
    this.errors = options.errors;
    this.headers = options.headers ?? {};
  }

  /** The `application/problem+json` body. */
  toJSON(): object {
    return {
      type: "about:blank",
      title: STATUS_CODES[this.status],
      status: this.status,
      detail: this.message,
      ...(this.errors && { errors: this.errors }),
    };
  }
}
