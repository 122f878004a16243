/**
 * How long to wait after so many failures in a row: it doubles with each, up to a longest wait. Half of it is random, so
 * that processes which failed together don't come back together.
 *
 * @param failures - from 1.
 * @returns milliseconds.
 */
export function backOff(failures: number, firstMs: number, longestMs: number): number {
  const wait = Math.min(firstMs * 2 ** (failures - 1), longestMs);
  return wait / 2 + (Math.random() * wait) / 2;
}
