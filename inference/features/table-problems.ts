import type { FeatureColumn } from "./feature-column.ts";
import { describe, type FeatureProblem, maxProblems, shorten } from "./feature-problem.ts";
import type { ReadOptions } from "./read-options.ts";
import type { Table } from "./read-table.ts";

/** What is wrong with a table: at least one problem where it can't be read, at most {@link maxProblems}. */
export function tableProblems(
  columns: readonly FeatureColumn[],
  { names, rows, paths }: Table,
  { ignoreUnknown }: ReadOptions,
): FeatureProblem[] {
  if (names !== undefined && !Array.isArray(names))
    return [{ path: paths.names, problem: "type", expected: "an array of names", received: describe(names) }];
  if (!Array.isArray(rows))
    return [{ path: paths.rows, problem: "type", expected: "an array with an array a row", received: describe(rows) }];
  const problems = names ? columnProblems(columns, names, paths.names, ignoreUnknown) : [];
  if (rows.length === 0)
    problems.push({ path: paths.rows, problem: "empty", expected: "at least one row", received: "no rows" });
  const header: readonly unknown[] = names ?? columns.map(({ name }) => name);
  const features = header.map((name) => columns.find((column) => column.name === name));
  for (let row = 0; row < rows.length && problems.length < maxProblems; row++)
    addRowProblems(features, rows[row], `${paths.rows}[${row}]`, problems);
  return problems.slice(0, maxProblems);
}

/** Features that the names lack, and names that are no feature, or one again. */
function columnProblems(
  columns: readonly FeatureColumn[],
  names: readonly unknown[],
  path: string,
  ignoreUnknown: boolean,
): FeatureProblem[] {
  const problems: FeatureProblem[] = [];
  for (const { name: feature, optional, expected } of columns)
    if (!optional && !names.includes(feature))
      problems.push({
        path,
        feature,
        problem: "missing",
        expected: `a column ${feature}: ${expected}`,
        received: "nothing",
      });
  const seen = new Set<unknown>();
  for (let at = 0; at < names.length && problems.length < maxProblems; at++) {
    const name = names[at];
    const column = columns.find((column) => column.name === name);
    const place = `${path}[${at}]`;
    if (column && seen.has(name)) {
      const expected = "each column once";
      problems.push({ path: place, feature: column.name, problem: "type", expected, received: describe(name) });
    } else if (!column && !ignoreUnknown) {
      const expected = `one of ${columns.map((column) => column.name).join(", ")}`.slice(0, 500);
      const feature = typeof name === "string" ? { feature: shorten(name) } : undefined;
      problems.push({ path: place, ...feature, problem: "unknown", expected, received: describe(name) });
    }
    seen.add(name);
  }
  return problems;
}

/** @param features - of the row's values, in order; undefined for what is passed over. */
function addRowProblems(
  features: readonly (FeatureColumn | undefined)[],
  values: unknown,
  path: string,
  problems: FeatureProblem[],
): void {
  if (!Array.isArray(values)) {
    problems.push({ path, problem: "type", expected: "an array with a value a column", received: describe(values) });
  } else if (values.length !== features.length) {
    const expected = `${features.length} values, one a column`;
    problems.push({ path, problem: "length", expected, received: `${values.length} values` });
  } else {
    for (let at = 0; at < values.length && problems.length < maxProblems; at++) {
      const column = features[at];
      if (!column || column.read(values[at]) !== undefined) continue;
      const { name: feature, expected } = column;
      problems.push({ path: `${path}[${at}]`, feature, problem: "type", expected, received: describe(values[at]) });
    }
  }
}
