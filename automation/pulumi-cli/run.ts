import { execFile } from "node:child_process";

/** How {@link run} runs a program. */
export interface RunOptions {
  readonly cwd?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal | undefined;
  /** After that long it is killed. */
  readonly timeoutMs?: number;
}

/**
 * What a program prints on stdout.
 *
 * @throws Error with the last lines of its stderr.
 */
export function run(file: string, args: readonly string[], options: RunOptions): Promise<string> {
  const { timeoutMs = 0, signal, ...rest } = options;
  return new Promise((resolve, reject) => {
    const settings = { ...rest, timeout: timeoutMs, maxBuffer: 1 << 26, ...(signal && { signal }) };
    execFile(file, args, settings, (cause, stdout, stderr) => {
      if (!cause) return resolve(stdout);
      signal?.throwIfAborted();
      reject(new Error(reason(cause, stderr, timeoutMs), { cause }));
    });
  });
}

function reason(error: Error & { killed?: boolean; code?: unknown }, stderr: string, timeoutMs: number): string {
  if (error.killed) return `no answer within ${timeoutMs / 1000} s`;
  const lines = stderr.trim().split("\n").slice(-5);
  return lines.join("\n") || `exit code ${error.code}`;
}
