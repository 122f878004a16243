import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * Whether a process lives and is the one that was started with `id` in its command line. Process ids are used again,
 * after a reboot above all: a pid alone says nothing.
 */
export function isProcess(pid: number, id: string): boolean {
  return commandLine(pid).includes(id);
}

/** Sends a signal to the process, if it is still the one that `id` names. */
export function signalProcess(pid: number, id: string, signal: NodeJS.Signals): void {
  if (!isProcess(pid, id)) return;
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It ended meanwhile.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Waits until the process is gone. @returns whether it is, in time. */
export async function waitGone(pid: number, id: string, timeoutMs: number): Promise<boolean> {
  const end = performance.now() + timeoutMs;
  while (isProcess(pid, id)) {
    if (performance.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return true;
}

function commandLine(pid: number): string {
  try {
    if (process.platform === "linux") return readFileSync(`/proc/${pid}/cmdline`, "utf8");
    return execFileSync("ps", ["-ww", "-o", "command=", "-p", String(pid)], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
  } catch {
    return "";
  }
}
