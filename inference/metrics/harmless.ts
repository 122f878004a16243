import type { Logger } from "pino";

/**
 * @returns `count`, but a fault in it never reaches the request that it counts, traces or keeps: the first one is logged,
 *   and the rest are passed over.
 */
export function harmless<Args extends unknown[]>(
  count: (...args: Args) => void,
  logger: Logger,
): (...args: Args) => void {
  let told = false;
  return (...args) => {
    try {
      count(...args);
    } catch (err) {
      if (!told)
        logger.error(
          { err },
          "observing requests failed: they go on, but metrics, traces or payload log are incomplete",
        );
      told = true;
    }
  };
}
