import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import { isTemporary } from "../../mlflow/temporary.ts";
import { backOff } from "../back-off.ts";

/** What {@link loadWithRetries} is told. */
export interface RetryOptions {
  /** Milliseconds after which no try begins any more; 0 for one try. */
  readonly retryMs: number;
  readonly logger: Logger;
  /** Wait after the first failure, at most; it doubles with each. @default 500 */
  readonly firstMs?: number;
}

const longestMs = 10_000;

/**
 * Loads a model, again and again while MLflow is down, slow or not itself. What repeating doesn't mend ends it at once: no
 * such version, wrong credentials, a model that isn't the expected one or can't be served.
 *
 * @throws what the last try threw.
 */
export async function loadWithRetries<T>(load: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { retryMs, logger, firstMs = 500 } = options;
  const start = performance.now();
  for (let failures = 1; ; failures++) {
    try {
      return await load();
    } catch (error) {
      const waitMs = Math.round(backOff(failures, firstMs, longestMs));
      if (!isTemporary(error) || performance.now() - start + waitMs > retryMs) throw error;
      logger.warn(
        { reason: (error as Error).message, failures, waitMs },
        "the model can't be loaded yet, trying again",
      );
      await delay(waitMs);
    }
  }
}
