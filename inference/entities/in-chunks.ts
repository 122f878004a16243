/**
 * Works through `count` rows, `size` at a time, `atOnce` of those side by side. After a failure nothing more is begun, and
 * what is under way is called off.
 *
 * @throws the first failure.
 */
export async function inChunks(
  count: number,
  { size, atOnce }: { readonly size: number; readonly atOnce: number },
  work: (from: number, to: number, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const failed = new AbortController();
  let next = 0;
  const workThrough = async () => {
    while (next < count && !failed.signal.aborted) {
      const from = next;
      next = Math.min(from + size, count);
      await work(from, next, failed.signal);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(atOnce, Math.ceil(count / size)) }, workThrough));
  } catch (error) {
    failed.abort();
    throw error;
  }
}
