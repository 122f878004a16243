import type { FeatureColumn } from "./feature-column.ts";
import { InvalidFeatures, isObject, TooManyRows } from "./feature-problem.ts";
import type { FeatureRows } from "./feature-rows.ts";
import { instanceProblems } from "./instance-problems.ts";
import type { ReadOptions } from "./read-options.ts";
import { emptyRows, type RowsInTheMaking, writeValue } from "./write-row.ts";

/**
 * Reads `{"instances": [{feature: value, …}, …]}`: one object a row.
 *
 * @param instances - what came as `instances`.
 * @param path - where they came from, for the problems.
 * @throws {@link InvalidFeatures} naming each missing, unknown or ill-typed feature, and where.
 * @throws {@link TooManyRows}
 */
export function readInstances(
  columns: readonly FeatureColumn[],
  instances: unknown,
  options: ReadOptions,
  path = "instances",
): FeatureRows {
  const { rowLimit, ignoreUnknown } = options;
  const count = Array.isArray(instances) ? instances.length : 0;
  if (count > rowLimit) throw new TooManyRows(rowLimit, count);
  const rows = emptyRows(columns, count);
  let row = 0;
  while (row < count && readInstance(rows, columns, row, (instances as unknown[])[row], ignoreUnknown)) row++;
  if (count > 0 && row === count) return rows;
  throw new InvalidFeatures(instanceProblems(columns, instances, options, path));
}

/** @returns false where something is wrong, which is then looked for in its own time. */
function readInstance(
  rows: RowsInTheMaking,
  columns: readonly FeatureColumn[],
  row: number,
  instance: unknown,
  ignoreUnknown: boolean,
): boolean {
  if (!isObject(instance)) return false;
  let known = 0;
  for (let at = 0; at < columns.length; at++) {
    const { name, optional } = columns[at]!;
    if (Object.hasOwn(instance, name)) {
      known++;
      if (!writeValue(rows, columns, row, at, instance[name])) return false;
    } else if (!optional) return false;
  }
  return ignoreUnknown || Object.keys(instance).length === known;
}
