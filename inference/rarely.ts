const minute = 60_000;

/**
 * @param now - milliseconds from any start, never going back.
 * @returns `tell`, but once a minute at most: what comes in between is passed over.
 */
export function rarely<Args extends unknown[]>(
  tell: (...args: Args) => void,
  now: () => number = () => performance.now(),
): (...args: Args) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (...args) => {
    if (now() - last < minute) return;
    last = now();
    tell(...args);
  };
}
