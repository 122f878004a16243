import type { FeatureColumn } from "./feature-column.ts";
import { describe, type FeatureProblem, isObject, maxProblems, memberPath } from "./feature-problem.ts";
import { nameProblems } from "./name-problems.ts";
import type { ReadOptions } from "./read-options.ts";

/** What is wrong with `{"inputs": {feature: [value, …], …}}`: at least one problem where it can't be read, at most {@link maxProblems}. */
export function columnProblems(
  columns: readonly FeatureColumn[],
  inputs: unknown,
  options: ReadOptions,
): FeatureProblem[] {
  if (!isObject(inputs)) {
    const expected = "an object with one array a feature";
    return [{ path: "inputs", problem: "type", expected, received: describe(inputs) }];
  }
  const problems = nameProblems(columns, inputs, "inputs", options);
  const arrays = columns.map(({ name }) => (Object.hasOwn(inputs, name) ? inputs[name] : undefined));
  problems.push(...lengthProblems(columns, arrays));
  for (const [at, column] of columns.entries()) {
    const array = arrays[at];
    if (Array.isArray(array)) addValueProblems(column, array, problems);
  }
  if (problems.length === 0)
    problems.push({ path: "inputs", problem: "empty", expected: "at least one row", received: "no rows" });
  return problems.slice(0, maxProblems);
}

/** Arrays that differ in length from the first one, and what is no array. */
function lengthProblems(columns: readonly FeatureColumn[], arrays: readonly unknown[]): FeatureProblem[] {
  const problems: FeatureProblem[] = [];
  let first: { path: string; length: number } | undefined;
  for (const [at, array] of arrays.entries()) {
    if (array === undefined) continue;
    const feature = columns[at]!.name;
    const path = memberPath("inputs", feature);
    if (!Array.isArray(array)) {
      problems.push({ path, feature, problem: "type", expected: "an array, a value a row", received: describe(array) });
    } else if (first === undefined) {
      first = { path, length: array.length };
    } else if (array.length !== first.length) {
      const expected = `${first.length} values, as ${first.path} has`;
      problems.push({ path, feature, problem: "length", expected, received: `${array.length} values` });
    }
  }
  return problems;
}

function addValueProblems(column: FeatureColumn, array: readonly unknown[], problems: FeatureProblem[]): void {
  const { name: feature, expected } = column;
  for (let row = 0; row < array.length && problems.length < maxProblems; row++) {
    if (column.read(array[row]) !== undefined) continue;
    const path = `${memberPath("inputs", feature)}[${row}]`;
    problems.push({ path, feature, problem: "type", expected, received: describe(array[row]) });
  }
}
