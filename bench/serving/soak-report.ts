import { median } from "./statistics.ts";
import { count, markdown, megabytes, ms } from "./table.ts";
import type { LoadResult } from "./wrk.ts";

/** The service's memory at one time. */
export interface MemorySample {
  /** Since the load began. */
  readonly seconds: number;
  readonly residentBytes: number;
}

/** A part of the mixed load. */
export interface SoakPart {
  readonly title: string;
  /** The only one that its requests may be answered with; several where its bodies differ. */
  readonly statuses: readonly string[];
  readonly result: LoadResult;
}

/** By how much memory may grow, as a share. */
const growthLimit = 0.05;

/** Growth of memory as a share: the median of the last minute against that of the second one. */
export function memoryGrowth(samples: readonly MemorySample[], minutes: number): number {
  const minute = (which: number) =>
    median(samples.filter(({ seconds }) => Math.ceil(seconds / 60) === which).map((sample) => sample.residentBytes));
  return minute(minutes) / minute(2) - 1;
}

/** Median memory of each minute, and what each part of the load came to, as Markdown. */
export function soakTables(samples: readonly MemorySample[], parts: readonly SoakPart[]): string {
  const byMinute = Map.groupBy(samples, ({ seconds }) => Math.ceil(seconds / 60));
  const memory = [...byMinute].map(([minute, of]) => [
    `${minute}`,
    `${megabytes(median(of.map(({ residentBytes }) => residentBytes)))} MB`,
  ]);
  const loads = parts.map(({ title, result }) => [
    title,
    count(result.rate),
    `${ms(result.medianMs)}, ${ms(result.p99Ms)}, ${ms(result.maxMs)} ms`,
    Object.entries(result.statuses)
      .map(([status, times]) => `${count(times)} × ${status}`)
      .join(", "),
  ]);
  return [
    markdown(["minute", "resident memory"], memory),
    markdown(["", "requests/s", "median, p99, max", "answers"], loads),
  ].join("\n\n");
}

/** What the service doesn't keep, a sentence each; none where it keeps all. */
export function soakProblems(growth: number, parts: readonly SoakPart[]): string[] {
  const problems: string[] = [];
  if (!(growth < growthLimit))
    problems.push(
      `memory grew by ${percent(growth)} after the first minute, expected less than ${percent(growthLimit)}`,
    );
  for (const { title, statuses, result } of parts) {
    for (const [status, times] of Object.entries(result.statuses))
      if (!statuses.includes(status))
        problems.push(`${title}: ${times} times ${status}, expected ${statuses.join(" or ")}`);
    if (result.failures > 0) problems.push(`${title}: ${result.failures} connections failed or timed out`);
  }
  return problems;
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
