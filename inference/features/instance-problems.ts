import type { FeatureColumn } from "./feature-column.ts";
import { describe, type FeatureProblem, isObject, maxProblems, memberPath } from "./feature-problem.ts";
import { nameProblems } from "./name-problems.ts";
import type { ReadOptions } from "./read-options.ts";

/** What is wrong with `{"instances": [{feature: value, …}, …]}`: at least one problem where it can't be read, at most {@link maxProblems}. */
export function instanceProblems(
  columns: readonly FeatureColumn[],
  instances: unknown,
  options: ReadOptions,
  path: string,
): FeatureProblem[] {
  if (!Array.isArray(instances))
    return [{ path, problem: "type", expected: "an array with an object a row", received: describe(instances) }];
  if (instances.length === 0) return [{ path, problem: "empty", expected: "at least one row", received: "no rows" }];
  const problems: FeatureProblem[] = [];
  for (let row = 0; row < instances.length && problems.length < maxProblems; row++)
    problems.push(...rowProblems(columns, instances[row], `${path}[${row}]`, options));
  return problems.slice(0, maxProblems);
}

function rowProblems(
  columns: readonly FeatureColumn[],
  instance: unknown,
  path: string,
  options: ReadOptions,
): FeatureProblem[] {
  if (!isObject(instance))
    return [{ path, problem: "type", expected: "an object with a value a feature", received: describe(instance) }];
  const problems = nameProblems(columns, instance, path, options);
  for (const { name: feature, expected, read } of columns) {
    if (!Object.hasOwn(instance, feature) || read(instance[feature]) !== undefined) continue;
    const received = describe(instance[feature]);
    problems.push({ path: memberPath(path, feature), feature, problem: "type", expected, received });
  }
  return problems;
}
