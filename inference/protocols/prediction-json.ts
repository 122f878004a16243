/** Values as a JSON array; a number that JSON can't hold, such as a regressor's NaN, is null. */
export function valuesJson(values: Float64Array | readonly string[]): string {
  return JSON.stringify(values instanceof Float64Array ? Array.from(values) : values);
}

/** Rows of `width` numbers as a JSON array of arrays. */
export function matrixJson(values: Float64Array, width: number): string {
  // Array.from would take three times as long for rows of a few numbers.
  const rows = new Array<number[]>(values.length / width);
  for (let row = 0, at = 0; row < rows.length; row++) {
    const numbers = new Array<number>(width);
    for (let column = 0; column < width; column++) numbers[column] = values[at++]!;
    rows[row] = numbers;
  }
  return JSON.stringify(rows);
}

/** The numbers at `from` up to `to` as a JSON array. */
export function numbersJson(values: Float64Array, from: number, to: number): string {
  let json = "[";
  for (let at = from; at < to; at++) json += (at > from ? "," : "") + numberJson(values[at]!);
  return `${json}]`;
}

/** A number as JSON; null where JSON can't hold it. */
export function numberJson(value: number): string {
  return Number.isFinite(value) ? String(value) : "null";
}
