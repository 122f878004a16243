import test from "ava";
import { healthResult, openResult, openTable, overloadProblems } from "./overload-report.ts";

const outcomes = (accepted: readonly number[], shed: number, others = 0) => [
  ...accepted.map((ms) => ({ ms, status: 200 })),
  ...Array(shed).fill({ ms: 1, status: 503, retryAfter: "1" }),
  ...Array(others).fill({ ms: 9000, failure: "no answer in time" }),
];
const healthy = { medianMs: 1, maxMs: 50, others: 0 };
const once = openResult("1× capacity", 300, outcomes([10, 20, 30], 1));

test("latencies are of what was accepted, shares of what was offered", (t) => {
  const result = openResult("3× capacity", 900, outcomes([100, 300, 200], 6, 1));
  t.deepEqual(result, {
    title: "3× capacity",
    offered: 10,
    rate: 900,
    accepted: 3,
    shed: 6,
    others: { "no answer in time": 1 },
    medianMs: 200,
    p99Ms: 300,
  });
  t.is(openTable([result]).split("\n").at(-1), "| 3× capacity | 900 | 30.0 % | 60.0 % | 10.0 % | 200, 300 ms |");
});

test("a 503 without Retry-After is no shedding", (t) => {
  const { shed, others } = openResult("", 1, [{ ms: 1, status: 503 }]);
  t.deepEqual({ shed, others }, { shed: 0, others: { "503 without Retry-After": 1 } });
});

test("a service that sheds, and answers what it accepts in time, has no problems", (t) => {
  t.deepEqual(overloadProblems(healthy, once, openResult("3× capacity", 900, outcomes([1000], 9))), []);
  const slow = openResult("1× capacity", 300, outcomes([400], 0));
  t.deepEqual(overloadProblems(healthy, slow, openResult("3× capacity", 900, outcomes([2000], 9))), []);
});

for (const [title, health, thrice, message] of [
  ["a late /health", { ...healthy, maxMs: 50.1 }, outcomes([20], 9), /^\/health took up to 50\.1 ms/],
  ["a /health that fails", { ...healthy, others: 2 }, outcomes([20], 9), /^2 times \/health/],
  ["latency that grows", healthy, outcomes([1001], 0), /p99 of what was accepted is 1,001 ms/],
  ["a request without an answer", healthy, outcomes([20], 9, 1), /^3×: 1 times no answer in time, expected/],
  ["nothing accepted", healthy, outcomes([], 9), /^3×: nothing was accepted/],
] as const)
  test(`${title} is a problem`, (t) => {
    const problems = overloadProblems(health, once, openResult("3×", 900, thrice));
    t.is(problems.length, 1);
    t.regex(problems[0]!, message);
  });

test("/health is judged by the slowest answer, and by all that aren't 200", (t) => {
  t.deepEqual(healthResult([{ ms: 1, status: 200 }, { ms: 80, status: 503 }, { ms: 2, status: 200 }, { ms: 5 }]), {
    medianMs: 2,
    maxMs: 80,
    others: 2,
  });
});
