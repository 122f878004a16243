import type { Outcome } from "./open-loop.ts";
import { quantile } from "./statistics.ts";
import { count, markdown, ms } from "./table.ts";

/** What became of the requests of one open load. */
export interface OpenResult {
  /** Such as `3× capacity`. */
  readonly title: string;
  /** Requests. */
  readonly offered: number;
  /** Offered a second. */
  readonly rate: number;
  /** Answered 200. */
  readonly accepted: number;
  /** Answered 503 with a Retry-After. */
  readonly shed: number;
  /** How often any other status came, or why none came: broken connections and clients that gave up. */
  readonly others: Readonly<Record<string, number>>;
  /** Of the accepted ones. NaN where there are none. */
  readonly medianMs: number;
  readonly p99Ms: number;
}

/** /health while large batches run. */
export interface HealthResult {
  readonly medianMs: number;
  readonly maxMs: number;
  /** Answers other than 200, or none. */
  readonly others: number;
}

/** What the service promises of /health, and when the latency of what it accepts counts as unbounded. */
export const limits = { healthMs: 50, latencyMs: 1000, latencyGrowth: 5 } as const;

export function openResult(title: string, rate: number, outcomes: readonly Outcome[]): OpenResult {
  const times = outcomes.filter(isAccepted).map(({ ms }) => ms);
  const others: Record<string, number> = {};
  for (const outcome of outcomes)
    if (!isAccepted(outcome) && !isShed(outcome)) {
      const what = outcome.failure ?? (outcome.status === 503 ? "503 without Retry-After" : String(outcome.status));
      others[what] = (others[what] ?? 0) + 1;
    }
  return {
    title,
    offered: outcomes.length,
    rate,
    accepted: times.length,
    shed: outcomes.filter(isShed).length,
    others,
    medianMs: quantile(times, 0.5),
    p99Ms: quantile(times, 0.99),
  };
}

function isAccepted({ status }: Outcome): boolean {
  return status === 200;
}

function isShed({ status, retryAfter }: Outcome): boolean {
  return status === 503 && retryAfter !== undefined;
}

export function healthResult(outcomes: readonly Outcome[]): HealthResult {
  const times = outcomes.map(({ ms }) => ms);
  return {
    medianMs: quantile(times, 0.5),
    maxMs: quantile(times, 1),
    others: outcomes.filter(({ status }) => status !== 200).length,
  };
}

export function openTable(results: readonly OpenResult[]): string {
  const share = (part: number, { offered }: OpenResult) => `${((100 * part) / offered).toFixed(1)} %`;
  const lines = results.map((result) => [
    result.title,
    count(result.rate),
    share(result.accepted, result),
    share(result.shed, result),
    share(result.offered - result.accepted - result.shed, result),
    `${ms(result.medianMs)}, ${ms(result.p99Ms)} ms`,
  ]);
  return markdown(["", "requests/s", "200", "503", "other or none", "median, p99 of 200"], lines);
}

/**
 * What the service doesn't keep, a sentence each; none where it keeps all.
 *
 * @param once - at its capacity.
 * @param thrice - at three times that.
 */
export function overloadProblems(health: HealthResult, once: OpenResult, thrice: OpenResult): string[] {
  const problems: string[] = [];
  if (health.others > 0) problems.push(`${health.others} times /health didn't answer 200`);
  if (!(health.maxMs <= limits.healthMs))
    problems.push(`/health took up to ${ms(health.maxMs)} ms, expected at most ${limits.healthMs} ms`);
  for (const { title, others, accepted } of [once, thrice]) {
    for (const [what, times] of Object.entries(others))
      problems.push(`${title}: ${times} times ${what}, expected 200 or 503 with Retry-After`);
    if (accepted === 0) problems.push(`${title}: nothing was accepted`);
  }
  const bound = Math.max(limits.latencyMs, limits.latencyGrowth * once.p99Ms);
  if (thrice.p99Ms > bound)
    problems.push(
      `${thrice.title}: p99 of what was accepted is ${ms(thrice.p99Ms)} ms, ` +
        `expected at most ${limits.latencyGrowth} times that at ${once.title}, or ${limits.latencyMs} ms`,
    );
  return problems;
}
