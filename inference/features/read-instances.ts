import type { FeatureColumn } from "./feature-column.ts";
import {
  describe,
  type FeatureProblem,
  InvalidFeatures,
  isObject,
  maxProblems,
  memberPath,
  TooManyRows,
} from "./feature-problem.ts";
import type { FeatureRows } from "./feature-rows.ts";
import { nameProblems } from "./name-problems.ts";

/**
 * Reads `{"instances": [{feature: value, …}, …]}`: one object a row.
 *
 * @param instances - what came as `instances`.
 * @throws {@link InvalidFeatures} naming each missing, unknown or ill-typed feature, and where.
 * @throws {@link TooManyRows}
 */
export function readInstances(columns: readonly FeatureColumn[], instances: unknown, rowLimit: number): FeatureRows {
  if (!Array.isArray(instances) || instances.length === 0) throw new InvalidFeatures([notRows(instances)]);
  const count = instances.length;
  if (count > rowLimit) throw new TooManyRows(rowLimit, count);
  const values = new Float64Array(count * columns.length);
  const problems: FeatureProblem[] = [];
  for (let row = 0; row < count && problems.length < maxProblems; row++)
    readInstance(columns, instances[row], row, values, problems);
  if (problems.length > 0) throw new InvalidFeatures(problems.slice(0, maxProblems));
  return { count, values };
}

function readInstance(
  columns: readonly FeatureColumn[],
  instance: unknown,
  row: number,
  values: Float64Array,
  problems: FeatureProblem[],
): void {
  const path = `instances[${row}]`;
  if (!isObject(instance)) {
    const expected = "an object with a value a feature";
    problems.push({ path, problem: "type", expected, received: describe(instance) });
    return;
  }
  problems.push(...nameProblems(columns, instance, path));
  for (const [at, column] of columns.entries()) {
    const { name: feature, expected } = column;
    // An absent feature is missing where it is optional; where it isn't, nameProblems has said so.
    const given = Object.hasOwn(instance, feature) ? instance[feature] : undefined;
    const value = given === undefined ? Number.NaN : column.read(given);
    if (value !== undefined) values[row * columns.length + at] = value;
    else
      problems.push({ path: memberPath(path, feature), feature, problem: "type", expected, received: describe(given) });
  }
}

function notRows(instances: unknown): FeatureProblem {
  return Array.isArray(instances)
    ? { path: "instances", problem: "empty", expected: "at least one row", received: "no rows" }
    : { path: "instances", problem: "type", expected: "an array with an object a row", received: describe(instances) };
}
