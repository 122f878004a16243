import type { FeatureColumn } from "./feature-column.ts";
import type { FeatureRows } from "./feature-rows.ts";

/** Rows that are being read. */
export interface RowsInTheMaking extends FeatureRows {
  readonly texts?: readonly (string[] | undefined)[];
}

/** Room for `count` rows, all values missing. */
export function emptyRows(columns: readonly FeatureColumn[], count: number): RowsInTheMaking {
  const values = new Float64Array(count * columns.length).fill(Number.NaN);
  if (!columns.some(({ text }) => text)) return { count, values };
  return { count, values, texts: columns.map(({ text }) => (text ? Array<string>(count).fill("") : undefined)) };
}

/** Writes one value in its place. @returns false where it is ill-typed. */
export function writeValue(
  rows: RowsInTheMaking,
  columns: readonly FeatureColumn[],
  row: number,
  at: number,
  given: unknown,
): boolean {
  const column = columns[at]!;
  const value = column.read(given);
  if (value === undefined) return false;
  rows.values[row * columns.length + at] = value;
  if (column.text && given !== null) rows.texts![at]![row] = given as string;
  return true;
}
