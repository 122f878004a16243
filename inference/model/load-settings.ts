import { type Environment, whole } from "../environment.ts";

/** How patient loading is with MLflow. */
export interface LoadSettings {
  /** See RetryOptions. */
  readonly retryMs: number;
}

/**
 * Seconds. A pod's startup probe, as the local supervisor, gives up after 120: by then a service that found no MLflow for so
 * long, and whose last try took its time, has ended and said why.
 */
const defaultRetrySeconds = 60;

/** Lines of the help. */
export const loadUsage = `\
  LOAD_RETRY_SECONDS      for how long loading is tried again while MLflow
                          is down, slow or answers nonsense; 0: one try   ${defaultRetrySeconds}
`;

/** How long MLflow may be silent before a request counts as failed; its proxy fetches a file as a whole before it sends it. */
export const storePatience = { silenceMs: 30_000, retries: 2 } as const;

/** @throws Error naming the variable, what was expected and what came. */
export function readLoadSettings(env: Environment): LoadSettings {
  return { retryMs: whole(env, "LOAD_RETRY_SECONDS", defaultRetrySeconds, 0, 3600) * 1000 };
}
