import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename } from "node:path";

/** Whether a process of this machine runs. One that belongs to someone else counts as running. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Name of a running process' program; undefined where it cannot be told. */
export function programOf(pid: number): string | undefined {
  try {
    if (process.platform === "linux") return readFileSync(`/proc/${pid}/comm`, "utf8").trim();
    return basename(execFileSync("ps", ["-p", `${pid}`, "-o", "comm="], { encoding: "utf8" }).trim());
  } catch {
    return undefined;
  }
}
