import type { ColumnType } from "../../../mlflow/model-folder.ts";

/** What pandas reads as a missing value (its STR_NA_VALUES). */
const missing: ReadonlySet<string> = new Set(
  " #N/A #N/A_N/A #NA -1.#IND -1.#QNAN -NaN -nan 1.#IND 1.#QNAN <NA> N/A NA NULL NaN None n/a nan null"
    .split(" ")
    .map((word) => word.replace("_", " ")),
);

const truths: ReadonlyMap<string, boolean> = new Map([
  ["True", true],
  ["TRUE", true],
  ["true", true],
  ["1", true],
  ["False", false],
  ["FALSE", false],
  ["false", false],
  ["0", false],
]);

/**
 * A field of CSV as a feature's value, as pandas reads it: null where it stands for a missing one. What is none of the
 * column's type stays a text.
 *
 * @param type - undefined where the column is none of the model's.
 */
export function csvValue(field: string, type: ColumnType | undefined): unknown {
  if (type === undefined) return field;
  if (missing.has(field)) return null;
  if (type === "string") return field;
  if (type === "boolean") return truths.get(field) ?? field;
  const number = Number(field);
  // Number alone takes blanks for 0, and 0x10; parseFloat takes what merely begins with a number.
  return number === Number.parseFloat(field) ? number : field;
}
