import type { FeatureColumn } from "./feature-column.ts";
import { InvalidFeatures, TooManyRows } from "./feature-problem.ts";
import type { FeatureRows } from "./feature-rows.ts";
import type { ReadOptions } from "./read-options.ts";
import { tableProblems } from "./table-problems.ts";
import { emptyRows, type RowsInTheMaking, writeValue } from "./write-row.ts";

/** Rows of values under named columns, as a data frame is sent: nothing of it is checked yet. */
export interface Table {
  /** Names of the columns; undefined where they are the model's own, in its order. */
  readonly names: unknown;
  /** Arrays, each with a value a column. */
  readonly rows: unknown;
  /** Where names and rows came from, for the problems. */
  readonly paths: { readonly names: string; readonly rows: string };
}

/**
 * Reads a table: its columns are found by their names, whatever their order.
 *
 * @throws {@link InvalidFeatures} naming each missing, unknown or ill-typed feature, and where.
 * @throws {@link TooManyRows}
 */
export function readTable(columns: readonly FeatureColumn[], table: Table, options: ReadOptions): FeatureRows {
  const { rowLimit, ignoreUnknown } = options;
  const given = Array.isArray(table.rows) ? table.rows : [];
  if (given.length > rowLimit) throw new TooManyRows(rowLimit, given.length);
  const places = placesOf(columns, table.names, ignoreUnknown);
  if (places && given.length > 0) {
    const width = Array.isArray(table.names) ? table.names.length : columns.length;
    const rows = emptyRows(columns, given.length);
    let row = 0;
    while (row < given.length && readRow(rows, columns, places, width, row, given[row])) row++;
    if (row === given.length) return rows;
  }
  throw new InvalidFeatures(tableProblems(columns, table, options));
}

/** Where each feature stands in a row, -1 for one that is left out; undefined where something is wrong with the names. */
function placesOf(columns: readonly FeatureColumn[], names: unknown, ignoreUnknown: boolean): number[] | undefined {
  if (names === undefined) return columns.map((_, at) => at);
  if (!Array.isArray(names)) return undefined;
  const places = columns.map(({ name }) => names.indexOf(name));
  const known = places.filter((place) => place >= 0).length;
  if (columns.some(({ optional }, at) => places[at]! < 0 && !optional)) return undefined;
  if (columns.some(({ name }, at) => places[at] !== names.lastIndexOf(name))) return undefined;
  return ignoreUnknown || known === names.length ? places : undefined;
}

/** @returns false where something is wrong, which is then looked for in its own time. */
function readRow(
  rows: RowsInTheMaking,
  columns: readonly FeatureColumn[],
  places: readonly number[],
  width: number,
  row: number,
  values: unknown,
): boolean {
  if (!Array.isArray(values) || values.length !== width) return false;
  for (let at = 0; at < columns.length; at++) {
    const place = places[at]!;
    if (place >= 0 && !writeValue(rows, columns, row, at, values[place])) return false;
  }
  return true;
}
