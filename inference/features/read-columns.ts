import { columnProblems } from "./column-problems.ts";
import type { FeatureColumn } from "./feature-column.ts";
import { InvalidFeatures, isObject, TooManyRows } from "./feature-problem.ts";
import type { FeatureRows } from "./feature-rows.ts";
import type { ReadOptions } from "./read-options.ts";
import { emptyRows, writeValue } from "./write-row.ts";

/**
 * Reads `{"inputs": {feature: [value, …], …}}`: one array a feature, all of the same length.
 *
 * @param inputs - what came as `inputs`.
 * @throws {@link InvalidFeatures} naming each missing, unknown or ill-typed feature, and where.
 * @throws {@link TooManyRows}
 */
export function readColumns(columns: readonly FeatureColumn[], inputs: unknown, options: ReadOptions): FeatureRows {
  const rows = isObject(inputs) ? readValid(columns, inputs, options) : undefined;
  if (rows) return rows;
  throw new InvalidFeatures(columnProblems(columns, inputs, options));
}

/** @returns undefined where something is wrong, which is then looked for in its own time. */
function readValid(
  columns: readonly FeatureColumn[],
  inputs: Readonly<Record<string, unknown>>,
  { rowLimit, ignoreUnknown }: ReadOptions,
): FeatureRows | undefined {
  let count = 0;
  let known = 0;
  for (const { name, optional } of columns) {
    const array = Object.hasOwn(inputs, name) ? inputs[name] : undefined;
    if (array === undefined) {
      if (optional) continue;
      return undefined;
    }
    if (!Array.isArray(array) || (known > 0 && array.length !== count)) return undefined;
    count = array.length;
    known++;
  }
  if (count === 0 || (!ignoreUnknown && Object.keys(inputs).length !== known)) return undefined;
  if (count > rowLimit) throw new TooManyRows(rowLimit, count);
  const rows = emptyRows(columns, count);
  for (let at = 0; at < columns.length; at++) {
    const { name } = columns[at]!;
    if (!Object.hasOwn(inputs, name)) continue;
    const array = inputs[name] as unknown[];
    for (let row = 0; row < count; row++) if (!writeValue(rows, columns, row, at, array[row])) return undefined;
  }
  return rows;
}
