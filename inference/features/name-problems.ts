import type { FeatureColumn } from "./feature-column.ts";
import { type FeatureProblem, maxProblems, memberPath, shorten } from "./feature-problem.ts";
import type { ReadOptions } from "./read-options.ts";

/**
 * The features that an object lacks, and those that the model doesn't know, as problems under `path`.
 *
 * @param given - an object keyed by feature, as JSON.parse made it: names such as `__proto__` are its own.
 */
export function nameProblems(
  columns: readonly FeatureColumn[],
  given: Readonly<Record<string, unknown>>,
  path: string,
  { ignoreUnknown }: ReadOptions,
): FeatureProblem[] {
  const problems: FeatureProblem[] = [];
  let known = 0;
  for (const { name, optional, expected } of columns) {
    if (Object.hasOwn(given, name)) known++;
    else if (!optional)
      problems.push({ path: memberPath(path, name), feature: name, problem: "missing", expected, received: "nothing" });
  }
  const names = Object.keys(given);
  if (ignoreUnknown || names.length === known) return problems;
  for (const name of names) {
    if (problems.length >= maxProblems) break;
    if (columns.some((column) => column.name === name)) continue;
    const expected = `one of ${columns.map((column) => column.name).join(", ")}`.slice(0, 500);
    const feature = shorten(name);
    problems.push({
      path: memberPath(path, name),
      feature,
      problem: "unknown",
      expected,
      received: "an unknown feature",
    });
  }
  return problems;
}
