import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** A line of `ps`. */
export interface ProcessLine {
  readonly pid: number;
  readonly parent: number;
  readonly residentBytes: number;
}

/** All processes of this machine. */
export async function listProcesses(): Promise<ProcessLine[]> {
  const { stdout } = await promisify(execFile)("ps", ["-A", "-o", "pid=,ppid=,rss="]);
  return readProcesses(stdout);
}

/** Reads what `ps -A -o pid=,ppid=,rss=` prints, whose sizes are KiB. */
export function readProcesses(printed: string): ProcessLine[] {
  return printed
    .trim()
    .split("\n")
    .map((line) => {
      const [pid, parent, kib] = line.trim().split(/\s+/).map(Number) as [number, number, number];
      return { pid, parent, residentBytes: kib * 1024 };
    });
}

/** A process with all that it started, and what those started; itself first. */
export function treeOf(processes: readonly ProcessLine[], root: number): ProcessLine[] {
  const tree = processes.filter(({ pid }) => pid === root);
  for (const { pid } of tree) tree.push(...processes.filter(({ parent }) => parent === pid));
  return tree;
}
