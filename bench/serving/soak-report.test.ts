import test from "ava";
import { type MemorySample, memoryGrowth, percent, soakProblems, soakTables } from "./soak-report.ts";

/** A sample each 5 s, of so many bytes in each minute. */
function samples(...minutes: number[]): MemorySample[] {
  return minutes.flatMap((residentBytes, minute) =>
    Array.from({ length: 12 }, (_, at) => ({ seconds: 60 * minute + 5 * (at + 1), residentBytes })),
  );
}

const result = { seconds: 60, rate: 20_000, medianMs: 1, p99Ms: 3, maxMs: 50, statuses: { 200: 9 }, failures: 0 };
const part = { title: "3 rows", statuses: ["200"], result };

test("growth is of the last minute over the second one: the first doesn't count, nor does a peak", (t) => {
  t.is(memoryGrowth(samples(50e6, 100e6, 180e6, 110e6), 4).toFixed(3), "0.100");
  const peak = samples(50e6, 100e6, 100e6).with(-1, { seconds: 180, residentBytes: 900e6 });
  t.is(memoryGrowth(peak, 3), 0);
});

test("the tables have each minute's memory, and each part's answers", (t) => {
  const lines = soakTables(samples(50e6, 100e6), [part]).split("\n");
  t.true(lines.includes("| 1 | 50 MB |"));
  t.true(lines.includes("| 2 | 100 MB |"));
  t.true(lines.includes("| 3 rows | 20,000 | 1, 3, 50 ms | 9 × 200 |"));
});

test("memory that stays and answers as expected are no problem", (t) => {
  const invalid = { title: "invalid", statuses: ["400", "422"], result: { ...result, statuses: { 400: 1, 422: 2 } } };
  t.deepEqual(soakProblems(0.049, [part, invalid]), []);
});

for (const [title, growth, changed, message] of [
  ["memory that grows", 0.05, {}, /memory grew by 5\.0 %/],
  ["memory that wasn't sampled", Number.NaN, {}, /memory grew by NaN/],
  ["an unexpected status", 0, { statuses: { 200: 8, 500: 1 } }, /^3 rows: 1 times 500, expected 200$/],
  ["a failed connection", 0, { failures: 1 }, /^3 rows: 1 connections/],
] as const)
  test(`${title} is a problem`, (t) => {
    const problems = soakProblems(growth, [{ ...part, result: { ...result, ...changed } }]);
    t.is(problems.length, 1);
    t.regex(problems[0]!, message);
  });

test("a share is told in per cent", (t) => {
  t.is(percent(-0.0123), "-1.2 %");
});
