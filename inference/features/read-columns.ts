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
 * Reads `{"inputs": {feature: [value, …], …}}`: one array a feature, all of the same length.
 *
 * @param inputs - what came as `inputs`.
 * @throws {@link InvalidFeatures} naming each missing, unknown or ill-typed feature, and where.
 * @throws {@link TooManyRows}
 */
export function readColumns(columns: readonly FeatureColumn[], inputs: unknown, rowLimit: number): FeatureRows {
  if (!isObject(inputs)) throw new InvalidFeatures([notAnObject(inputs)]);
  const problems = nameProblems(columns, inputs, "inputs");
  const arrays = columns.map(({ name }) => (Object.hasOwn(inputs, name) ? inputs[name] : undefined));
  const count = commonLength(columns, arrays, problems);
  if (count > rowLimit) throw new TooManyRows(rowLimit, count);
  const values = new Float64Array(count * columns.length);
  for (const [at, column] of columns.entries()) {
    const array = arrays[at];
    if (array === undefined) fillMissing(values, at, columns.length);
    else if (Array.isArray(array) && array.length === count)
      readColumn(column, array, values, at, columns.length, problems);
    if (problems.length >= maxProblems) break;
  }
  if (problems.length > 0) throw new InvalidFeatures(problems.slice(0, maxProblems));
  return { count, values };
}

function readColumn(
  column: FeatureColumn,
  array: readonly unknown[],
  values: Float64Array,
  at: number,
  stride: number,
  problems: FeatureProblem[],
): void {
  for (let row = 0, place = at; row < array.length; row++, place += stride) {
    const value = column.read(array[row]);
    if (value !== undefined) values[place] = value;
    else {
      const path = `${memberPath("inputs", column.name)}[${row}]`;
      const { name: feature, expected } = column;
      problems.push({ path, feature, problem: "type", expected, received: describe(array[row]) });
      if (problems.length >= maxProblems) return;
    }
  }
}

/** The rows of the request: the length of the first array. Others that differ, empty ones, and what is no array, become problems. */
function commonLength(
  columns: readonly FeatureColumn[],
  arrays: readonly unknown[],
  problems: FeatureProblem[],
): number {
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
  if (problems.length === 0 && !first?.length)
    problems.push({ path: "inputs", problem: "empty", expected: "at least one row", received: "no rows" });
  return first?.length ?? 0;
}

function fillMissing(values: Float64Array, at: number, stride: number): void {
  for (let place = at; place < values.length; place += stride) values[place] = Number.NaN;
}

function notAnObject(inputs: unknown): FeatureProblem {
  const expected = "an object with one array a feature";
  return { path: "inputs", problem: "type", expected, received: describe(inputs) };
}
